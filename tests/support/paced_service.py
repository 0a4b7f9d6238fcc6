"""The service as its command runs it, but that its runs wait for a test.

    python -m tests.support.paced_service PACE serve ...

A run stores as many tiles as the file PACE says, and waits there until it says more. How far a
run has come when its test strikes is then the test's word, on a quick machine as on a slow one.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from linkage_service.__main__ import main
from linkage_service.runs.tile_results import Found


def let(pace: Path, tiles: int) -> None:
    """Allow a run so many stored tiles; a reader finds the old number or this one."""
    part = pace.with_suffix(".part")
    part.write_text(str(tiles))
    part.replace(pace)


def wait_for(pace: Path) -> None:
    """Have every run of this process wait for what `let` allows, and write down what it stores."""
    put = Found.put

    def put_once_allowed(found: Found, number: int, candidates: bytes) -> None:
        while len(found.finished()) >= int(pace.read_text()):
            time.sleep(0.01)
        put(found, number, candidates)
        with pace.with_suffix(".stored").open("a") as stored:
            stored.write(f"{number}\n")

    Found.put = put_once_allowed  # type: ignore[method-assign]


if __name__ == "__main__":
    os.environ["PADAN_TEST_PACE"] = sys.argv.pop(1)
    main()
elif __name__ == "__mp_main__":  # a process that carries out one of its runs
    wait_for(Path(os.environ["PADAN_TEST_PACE"]))
