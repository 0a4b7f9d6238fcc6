"""The service as its command runs it, but that its clock is wrong by some days.

    python -m tests.support.shifted_service DAYS serve ...
    python -m tests.support.shifted_service DAYS,unguarded serve ...

`unguarded` is a service that believes its clock, as earlier builds did: the negative control.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from linkage_service import clock, retention
from linkage_service.__main__ import main

DAY = 86_400


def shift_by(days: int) -> None:
    """`time.time` of this process, so many days from now."""
    real = time.time
    time.time = lambda: real() + days * DAY


def believe_the_clock() -> None:
    nothing: Callable[..., None] = lambda *_, **__: None  # noqa: E731
    clock.require_plausible = nothing
    retention.require_day_witnessed = nothing
    from linkage_service import ledger

    ledger.require_plausible = nothing


if __name__ == "__main__":
    days, _, unguarded = sys.argv.pop(1).partition(",")
    shift_by(int(days))
    if unguarded:
        believe_the_clock()
    main()
