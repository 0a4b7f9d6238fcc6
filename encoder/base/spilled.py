"""Rows of numbers, grouped by key later, in bounded memory.

Rows beyond a bound are written to unnamed files, divided by key. The keys are digests with a
meaning only in this process, so that the data on disk identify nobody.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import pairwise
from typing import IO

import numpy as np
from numpy.typing import NDArray

_PARTS = 64
Rows = NDArray[np.uint64]


class Spilled:
    """Collects rows of `width` 64-bit numbers, the key first; holds at most `held` bytes."""

    def __init__(self, width: int, held: int) -> None:
        self._width = width
        self._most = held
        self._held = bytearray()
        self._files: list[IO[bytes]] = []

    def add(self, rows: bytes | bytearray) -> None:
        """Add packed rows, one after the other."""
        self._held += rows
        if len(self._held) >= self._most:
            self._spill()

    def parts(self) -> Iterator[Rows]:
        """All rows, with equal keys in one part; can be read once."""
        if not self._files:
            yield self._rows(bytes(self._held))
            return
        self._spill()
        for file in self._files:
            file.seek(0)
            yield self._rows(file.read())
            file.close()

    def _spill(self) -> None:
        if not self._files:
            self._files = [tempfile.TemporaryFile() for _ in range(_PARTS)]  # noqa: SIM115
        rows = self._rows(self._held)
        part = (rows[:, 0] % np.uint64(_PARTS)).astype(np.uint8)
        rows = rows[np.argsort(part, kind="stable")]
        ends = np.cumsum(np.bincount(part, minlength=_PARTS)).tolist()
        for file, (start, end) in zip(self._files, pairwise([0, *ends]), strict=True):
            file.write(rows[start:end].tobytes())
        self._held = bytearray()

    def _rows(self, packed: bytes | bytearray) -> Rows:
        return np.frombuffer(packed, np.uint64).reshape(-1, self._width)
