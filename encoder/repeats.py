"""Rows whose fields are equal, found by their digests, in a file that is thrown away."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from encoder.pieces import BUCKETS

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE pieces (
    bucket INTEGER NOT NULL, digests BLOB NOT NULL, row_numbers BLOB NOT NULL
);
"""
_PIECES = "SELECT digests, row_numbers FROM pieces WHERE bucket = ?"


class Repeats:
    """Takes pieces of digests (see `pieces`); then says which rows repeat an earlier one."""

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600)
        self._connection = sqlite3.connect(path)
        self._connection.executescript(_TABLES)

    def add(self, pieces: Sequence[tuple[int, bytes, bytes]]) -> None:
        """Bucket, digests and row numbers of each piece."""
        self._connection.executemany("INSERT INTO pieces VALUES (?, ?, ?)", pieces)

    def found(self, without: Collection[int]) -> Iterator[tuple[int, int]]:
        """(first row that is equal, row number); rows `without` are not looked at."""
        self._connection.commit()
        self._connection.execute("CREATE INDEX pieces_by_bucket ON pieces (bucket)")
        gone = np.array(sorted(without), np.int64)
        for bucket in range(BUCKETS):
            pieces = self._connection.execute(_PIECES, (bucket,)).fetchall()
            if pieces:
                digests, numbers = map(b"".join, zip(*pieces, strict=True))
                yield from _repeated(digests, numbers, gone)

    def close(self) -> None:
        self._connection.close()


def _repeated(
    digests: bytes, row_numbers: bytes, gone: NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    numbers = np.frombuffer(row_numbers, np.int64)
    high, low = np.frombuffer(digests, ">u8").reshape(-1, 2).T.astype(np.uint64)
    here = np.flatnonzero(~np.isin(numbers, gone)) if len(gone) else np.arange(len(numbers))
    numbers, high, low = numbers[here], high[here], low[here]
    order = np.lexsort((numbers, low, high))
    numbers, high, low = numbers[order], high[order], low[order]
    new = np.ones(len(order), bool)
    new[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
    # Of each stretch of equal digests the first has the lowest row number.
    firsts = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    yield from zip(numbers[firsts[~new]].tolist(), numbers[~new].tolist(), strict=True)
