"""A command in a process of its own, which is killed while it writes a list."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

from encoder.steps.written_lists import ListRegister

# With all rows in its temporary file; before that gets its name; after it has it.
When = Literal["filled", "before", "after"]
MOMENTS: tuple[When, ...] = get_args(When)


def killed(out: Path, when: When, act: Callable[[], object]) -> None:
    """Run `act` in a copy of this process that ends by SIGKILL as it writes `out`.

    Fails if the process ends in any other way.
    """
    child = os.fork()
    if child == 0:
        try:
            _die_at(out, when)
            act()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"it ended by itself: {status}"
    assert os.WTERMSIG(status) == signal.SIGKILL


def _die_at(out: Path, when: When) -> None:
    """Have this process kill itself at that moment."""
    rename = Path.replace

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def replace(self: Path, target: Path) -> Path:
        if Path(target) == out and when == "before":
            die()
        done = rename(self, target)
        if Path(target) == out and when == "after":
            die()
        return done

    Path.replace = replace  # type: ignore[method-assign, assignment]
    ended = ListRegister.ends

    def ends(self: ListRegister, path: Path, temporary: Path) -> None:
        if path == out and when == "filled":
            die()
        ended(self, path, temporary)

    ListRegister.ends = ends  # type: ignore[method-assign]
