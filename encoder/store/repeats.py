"""Rows of one person, found by their digests in a temporary database file."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from encoder.base.pieces import BUCKETS, as_rows

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE pieces (
    bucket INTEGER NOT NULL, digests BLOB NOT NULL, row_numbers BLOB NOT NULL,
    handles BLOB NOT NULL
);
"""
_PIECES = "SELECT digests, row_numbers, handles FROM pieces WHERE bucket = ?"


@dataclass(frozen=True)
class Repeat:
    """A row with the fields of an earlier row, and both handles."""

    row_number: int
    handle: bytes
    same_as: int
    first_handle: bytes


class Repeats:
    """Collects pieces of digests (see `pieces`), then finds rows that repeat an earlier one."""

    def __init__(self, path: Path) -> None:
        path.touch(mode=0o600)
        self._connection = sqlite3.connect(path)
        self._connection.executescript(_TABLES)

    def add(self, pieces: Sequence[tuple[int, bytes, bytes, bytes]]) -> None:
        """Bucket, digests, row numbers and handles of each piece."""
        self._connection.executemany("INSERT INTO pieces VALUES (?, ?, ?, ?)", pieces)

    def found(self, without: Collection[int]) -> Iterator[Repeat]:
        """Every row that repeats an earlier one, ignoring the rows `without`."""
        self._connection.commit()
        self._connection.execute("CREATE INDEX pieces_by_bucket ON pieces (bucket)")
        gone = np.array(sorted(without), np.int64)
        for bucket in range(BUCKETS):
            pieces = self._connection.execute(_PIECES, (bucket,)).fetchall()
            if pieces:
                digests, numbers, handles = map(b"".join, zip(*pieces, strict=True))
                yield from _repeated(digests, numbers, as_rows(handles), gone)

    def close(self) -> None:
        self._connection.close()


def _repeated(
    digests: bytes,
    row_numbers: bytes,
    handles: NDArray[np.uint8],
    gone: NDArray[np.int64],
) -> Iterator[Repeat]:
    numbers = np.frombuffer(row_numbers, np.int64)
    high, low = np.frombuffer(digests, ">u8").reshape(-1, 2).T.astype(np.uint64)
    here = np.flatnonzero(~np.isin(numbers, gone)) if len(gone) else np.arange(len(numbers))
    order = here[np.lexsort((numbers[here], low[here], high[here]))]
    high, low = high[order], low[order]
    new = np.ones(len(order), bool)
    new[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
    # In each run of equal digests, the first has the lowest row number.
    firsts = order[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))[~new]]
    for row, first in zip(order[~new].tolist(), firsts.tolist(), strict=True):
        yield Repeat(
            int(numbers[row]), handles[row].tobytes(), int(numbers[first]), handles[first].tobytes()
        )
