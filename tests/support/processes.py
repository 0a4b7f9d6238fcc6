"""The processes of this machine, by who started them (Linux)."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

# How long a test waits for what must come: long enough for a machine with much other work.
PATIENCE_SECONDS = 600.0


def children(pid: int) -> list[int]:
    """The processes that this one started, as the kernel has them."""
    tasks = Path(f"/proc/{pid}/task")
    return [int(c) for task in tasks.glob("*/children") for c in task.read_text().split()]


def descendants(pid: int) -> list[int]:
    found = children(pid)
    return found + [deeper for child in found for deeper in descendants(child)]


def command_line(pid: int) -> str:
    """What it runs; empty once it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def ended(pids: list[int], seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether all of them end in that time."""
    return comes(lambda: not any(command_line(pid) for pid in pids), seconds)


def comes(what: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether it is so within that time."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
