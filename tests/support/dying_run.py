"""An attempt at a run whose process is killed at one moment: before, inside or after a step.

    python -m tests.support.dying_run HOME PASSPHRASE_FILE DATABASE_URL TILE_ROWS STORED

Reads lines `PROJECT RUN MOMENT`, and answers each with the signal that ended the attempt, 0 if none
did. Without a moment an attempt goes on to its end. It forks before any service is opened, since
threads of a store would not survive that. STORED is the file of the tiles that were stored.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from linkage_service.runs.attempt import STEPS, Attempt
from linkage_service.runs.leases import Leases
from linkage_service.runs.results import Results
from linkage_service.runs.states import Task, lease_name
from linkage_service.runs.tile_results import Found
from linkage_service.service import Service
from linkage_service.settings import Settings
from linkage_service.storage.ledger import Append
from linkage_service.workers import attempt
from policy.members.home import Home, Unlocked

# Inside a step: after the first tile, after the groups, before and after the last mark of a result,
# and with the statement written but its transaction not committed.
INSIDE: dict[str, tuple[type, str]] = {
    "one tile": (Found, "put"),
    "groups": (Results, "keep"),
    "result": (Results, "keep_counted"),
    "statement, not committed": (Append, "own"),
}
MOMENTS = [f"{when} {step}" for step in STEPS for when in ("before", "after")] + list(INSIDE)
# In the order in which one run comes to them.
IN_ORDER = [
    "before begin",
    "after begin",
    "before search",
    "one tile",
    "after search",
    "before solve",
    "groups",
    "result",
    "after solve",
    "before finish",
    "statement, not committed",
    "after finish",
]


def attempted(settings: Settings, me: Unlocked, run: tuple[str, str], moment: str) -> int:
    """One attempt in a copy of this process; the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            if moment:
                _die(moment)
            _carry_out(settings, me, run)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


def _carry_out(settings: Settings, me: Unlocked, run: tuple[str, str]) -> None:
    service = Service.open(settings, me)
    leases = Leases(service.ledger.database, "a-1")
    lease = leases.claim(lease_name(*run))
    assert lease is not None, "the attempt before has ended"
    task = Task(*run, service.runs.states.under_way()[run], lease)
    assert attempt(service, task, lambda: False).carry_out() == "settled"


def _die(moment: str) -> None:
    when, _, step = moment.partition(" ")
    owner, name = INSIDE.get(moment, (Attempt, step))
    act: Callable[..., Any] = getattr(owner, name)

    def patched(*arguments: Any, **more: Any) -> Any:
        if when != "before":
            act(*arguments, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, patched)


def _count(stored: Path) -> None:
    put = Found.put

    def counted(found: Found, number: int, candidates: bytes) -> None:
        put(found, number, candidates)
        with stored.open("a") as file:
            file.write(f"{number}\n")

    Found.put = counted  # type: ignore[method-assign]


if __name__ == "__main__":
    import alembic.command  # noqa: F401  (once, and not in every copy)

    home, passphrase, url, tile_rows, file = sys.argv[1:]
    me = Home(Path(home)).unlock(Path(passphrase).read_bytes())
    settings = Settings.under(me.home.path, url, int(tile_rows))
    _count(Path(file))
    for line in sys.stdin:
        project, run, moment = line.rstrip("\n").split(" ", 2)
        print(attempted(settings, me, (project, run), moment), flush=True)
