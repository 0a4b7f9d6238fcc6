"""People at terminals of their own: each command is a process with a pseudo-terminal.

A server process has imported the three command lines once; commands are forked from it, so that
each of them starts at once. What a person types is given as pairs: part of a question, and the
answer.
"""

from __future__ import annotations

import multiprocessing
import os
import pty
import re
import select
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.support.command_lines"])
_COLUMNS = "200"


def _run(terminal: str, folder: str, environment: Mapping[str, str], words: Sequence[str]) -> None:
    """In a process of its own: the terminal becomes this process's, then the command runs."""
    from tests.support.programme import command_line

    os.setsid()
    # The test's own process ends this one; a service started here may start workers.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    opened = os.open(terminal, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(opened, number)
    os.chdir(folder)
    os.environ.update(environment)
    sys.stdin = os.fdopen(0, "r", closefd=False)
    sys.stdout, sys.stderr = (os.fdopen(n, "w", buffering=1, closefd=False) for n in (1, 2))
    from policy.base.errors import PadanError
    from policy.terminal import console

    console.out.file, console.err.file = sys.stdout, sys.stderr
    code = 0
    try:
        code = command_line(words[0])(list(words[1:]), standalone_mode=False) or 0
    except PadanError as error:
        console.report(error)
        code = error.exit_code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code))


@dataclass
class Sitting:
    """One command at one terminal."""

    words: Sequence[str]
    folder: Path
    answers: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)
    seen: str = ""
    _asked: int = 0

    def __post_init__(self) -> None:
        self._person, other = pty.openpty()
        self._process = _CONTEXT.Process(
            target=_run,
            args=(os.ttyname(other), str(self.folder), dict(self.environment), list(self.words)),
            daemon=True,  # a test that fails leaves no command waiting
        )
        self._process.start()
        self._other = other

    def attend(self) -> bool:
        """Read what is on the screen and answer what is asked; False once the command has ended."""
        while select.select([self._person], [], [], 0)[0]:
            try:
                more = os.read(self._person, 65536).decode(errors="replace")
            except OSError:
                break
            self.seen += more.replace("\r", "")
            if not more:
                break
        self._answer()
        return self._process.is_alive()

    def _answer(self) -> None:
        """Type the answer to the question that stands last, once."""
        new = self.seen[self._asked :]
        for question, answer in self.answers.items():
            found = list(re.finditer(question, new))
            asks = new.rstrip(" ").endswith((":", "?"))
            if found and asks and "\n" not in new[found[-1].end() :]:
                self._asked = len(self.seen)
                os.write(self._person, f"{answer}\n".encode())
                return

    def end(self) -> None:
        """Ctrl-C, as a person would."""
        if self._process.is_alive():
            os.kill(self._process.pid or 0, 2)

    @property
    def code(self) -> int | None:
        return self._process.exitcode


def attend_all(sittings: Sequence[Sitting], until: float) -> None:
    """Attend until every command has ended, or the time (monotonic seconds) is over."""
    while sum(each.attend() for each in sittings):  # every one of them, not the first alone
        if time.monotonic() > until:
            shown = "\n".join(f"$ {' '.join(s.words)}\n{s.seen[-2000:]}" for s in sittings)
            raise AssertionError(f"still waiting:\n{shown}")
        time.sleep(0.05)
    for each in sittings:
        each.attend()
