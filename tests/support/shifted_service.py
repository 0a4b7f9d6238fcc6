"""The service as its command runs it, but that its clock is wrong by some days.

    python -m tests.support.shifted_service DAYS serve ...
    python -m tests.support.shifted_service DAYS,unguarded serve ...

`unguarded` is a service that believes its clock, as earlier builds did: the negative control.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial

from linkage_service import app, clock, retention
from linkage_service.__main__ import main
from linkage_service.storage import ledger
from tests.support.clock import Clock

_UNGUARDED = "PADAN_TEST_UNGUARDED"


def believe_the_clock() -> None:
    nothing: Callable[..., None] = lambda *_, **__: None  # noqa: E731
    clock.require_plausible = nothing
    retention.require_day_witnessed = nothing
    ledger.require_plausible = nothing


if __name__ == "__main__":
    days, _, unguarded = sys.argv.pop(1).partition(",")
    app.create_app = partial(app.create_app, clock=Clock(int(days), ahead=0))
    if unguarded:
        os.environ[_UNGUARDED] = "1"
        believe_the_clock()
    main()
elif __name__ == "__mp_main__" and _UNGUARDED in os.environ:  # a process for one of its runs
    believe_the_clock()
