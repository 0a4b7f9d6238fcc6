"""The memory of processes while something runs, by /proc (Linux)."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from pathlib import Path

from tests.support.processes import descendants

_LOOK_SECONDS = 0.2


class Memory:
    """The most that these processes and their descendants held, shared pages counted once.

    `peak` is the Pss, bytes: a page that n processes map counts 1/n for each. It has the pages
    of mapped files that the kernel may drop at any time too. `anonymous` is the part of it that
    the kernel cannot drop: what was allocated, not mapped from a file. Without `roots`, the
    process at hand.
    """

    def __init__(self, roots: Iterable[int] = (), look_seconds: float = _LOOK_SECONDS) -> None:
        self.peak = 0
        self.anonymous = 0
        self._roots = tuple(roots) or (os.getpid(),)
        self._look_seconds = look_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._look()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._stop.wait(self._look_seconds):
            self._look()

    def _look(self) -> None:
        held = [_held(pid) for root in self._roots for pid in _tree(root)]
        self.peak = max(self.peak, sum(pss for pss, _ in held))
        self.anonymous = max(self.anonymous, sum(own for _, own in held))


def _tree(root: int) -> list[int]:
    try:
        return [root, *descendants(root)]
    except OSError:
        return [root]  # one of them has just ended


def _held(pid: int) -> tuple[int, int]:
    """Pss and its anonymous part, bytes; nothing for a process that has just ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    sizes = dict(line.split(":", 1) for line in lines[1:])
    return _bytes(sizes["Pss"]), _bytes(sizes["Pss_Anon"])


def _bytes(size: str) -> int:
    return int(size.split()[0]) * 1024
