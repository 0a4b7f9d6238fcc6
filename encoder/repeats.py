"""Rows whose fields are equal, found by their digests, in a file that is thrown away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from encoder.pieces import BUCKETS, KEY_BYTES, as_rows

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE pieces (
    bucket INTEGER NOT NULL, digests BLOB NOT NULL, row_numbers BLOB NOT NULL,
    handles BLOB NOT NULL
);
"""
_PIECES = "SELECT digests, row_numbers, handles FROM pieces WHERE bucket = ?"


class Repeats:
    """Takes pieces of digests (see `pieces`); then says which rows repeat an earlier one."""

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600)
        self._connection = sqlite3.connect(path)
        self._connection.executescript(_TABLES)

    def add(self, pieces: Sequence[tuple[int, bytes, bytes, bytes]]) -> None:
        """Bucket, digests, row numbers and handles of each piece."""
        self._connection.executemany("INSERT INTO pieces VALUES (?, ?, ?, ?)", pieces)

    def found(self) -> Iterator[tuple[int, bytes, bytes]]:
        """(row number, its handle, the handle of the first row that is equal)."""
        self._connection.commit()
        self._connection.execute("CREATE INDEX pieces_by_bucket ON pieces (bucket)")
        for bucket in range(BUCKETS):
            pieces = self._connection.execute(_PIECES, (bucket,)).fetchall()
            if pieces:
                yield from _repeated(*map(b"".join, zip(*pieces, strict=True)))

    def close(self) -> None:
        self._connection.close()


def _repeated(
    digests: bytes, row_numbers: bytes, handles: bytes
) -> Iterator[tuple[int, bytes, bytes]]:
    numbers = np.frombuffer(row_numbers, np.int64)
    high, low = np.frombuffer(digests, ">u8").reshape(-1, 2).astype(np.uint64).T
    order = np.lexsort((numbers, low, high))
    same = (high[order][1:] == high[order][:-1]) & (low[order][1:] == low[order][:-1])
    places = np.flatnonzero(np.concatenate([[False], same]))
    # Of each stretch of equal digests the first has the lowest row number.
    starts = np.where(np.concatenate([[True], ~same]), np.arange(len(order)), 0)
    firsts = np.maximum.accumulate(starts)[places]
    keys = as_rows(handles, KEY_BYTES)
    for row, first in zip(order[places].tolist(), order[firsts].tolist(), strict=True):
        yield int(numbers[row]), keys[row].tobytes(), keys[first].tobytes()
