"""A dataset's rows in source order: one sheet for each chunk, stored by column.

Each row's identity and handle are written once and read from the first row to the last, so that
storage by column is cheaper than by row. Later facts about single rows (that they repeat others,
stay from an earlier generation or are refused) are stored next to the sheets.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from encoder.base.pieces import as_list, as_numbers
from encoder.store.handles import People
from encoder.store.identity import Ground

# `repeats` name the first row with the same fields and that person's handle. `kept` are rows with
# the handle of an earlier generation; `since` is the generation that first had it.
SHEET_TABLES = """
CREATE TABLE sheets (
    first_row INTEGER PRIMARY KEY, row_numbers BLOB NOT NULL, record_ids TEXT NOT NULL,
    digests BLOB NOT NULL, nonces BLOB NOT NULL, handles BLOB NOT NULL, grounds BLOB NOT NULL
);
CREATE TABLE repeats (
    row_number INTEGER PRIMARY KEY, same_as INTEGER NOT NULL, handle BLOB NOT NULL
);
CREATE TABLE kept (
    row_number INTEGER PRIMARY KEY, nonce BLOB NOT NULL, handle BLOB NOT NULL,
    since INTEGER NOT NULL
);
CREATE TABLE refused (row_number INTEGER PRIMARY KEY, rule TEXT NOT NULL);
"""
# Which record each handle means, without the record's content.
_COPY = """
INSERT INTO main.sheets
    SELECT first_row, row_numbers, record_ids, sealed(digests), x'', handles, {grounds}
    FROM old.sheets;
INSERT INTO main.repeats SELECT * FROM old.repeats;
INSERT INTO main.kept SELECT row_number, x'', handle, since FROM old.kept;
INSERT INTO main.refused SELECT * FROM old.refused;
"""
_INSERT = "INSERT INTO sheets VALUES (?, ?, ?, ?, ?, ?, ?)"
_SHEETS = """
SELECT row_numbers, record_ids, digests, nonces, handles, {grounds} FROM sheets
WHERE instr(record_ids, ?) ORDER BY first_row
"""
# Stores of layout 3 have no grounds: their digests cover only the normalised fields.
_LAYOUT_WITH_GROUNDS = 4
_REFUSED = "SELECT row_number FROM refused WHERE row_number BETWEEN ? AND ?"
_REPEATS = "SELECT row_number, same_as, handle FROM repeats WHERE row_number BETWEEN ? AND ?"
_KEPT = "SELECT row_number, nonce, handle, since FROM kept WHERE row_number BETWEEN ? AND ?"


class StoredRow(NamedTuple):
    """A row of a person; a repeated row has the handle of the row that it repeats.

    The nonce is empty after the fields were deleted, and so is the digest if it was deleted too.
    """

    row_number: int
    record_id: str
    digest: bytes
    nonce: bytes
    handle: bytes
    same_as: int | None
    since: int
    ground: int


@dataclass(frozen=True)
class _Sheet:
    """Columns, and facts about single rows by row number."""

    row_numbers: list[int]
    record_ids: list[str] = field(repr=False)
    digests: list[bytes] = field(repr=False)
    nonces: list[bytes] = field(repr=False)
    handles: list[bytes] = field(repr=False)
    grounds: bytes = field(repr=False)
    refused: set[int]
    repeats: dict[int, list[Any]]  # same_as, handle
    kept: dict[int, list[Any]]  # nonce, handle, since

    def rows(self, generation: int) -> Iterator[StoredRow]:
        columns = (self.row_numbers, self.record_ids, self.digests, self.nonces, self.handles)
        rows = zip(*columns, self.grounds, strict=True)
        for number, record_id, digest, nonce, handle, ground in rows:
            same_as, since = None, generation
            if number in self.refused:
                continue
            if number in self.repeats:
                same_as, handle = self.repeats[number]
            elif number in self.kept:
                nonce, handle, since = self.kept[number]
            yield StoredRow(number, record_id, digest, nonce, handle, same_as, since, ground)


def write_sheet(connection: sqlite3.Connection, people: People) -> None:
    numbers = people.row_numbers
    if numbers:
        packed = as_numbers(numbers).tobytes()
        ids = json.dumps(people.record_ids)
        keys = (people.digests, people.nonces, people.handles, people.grounds)
        connection.execute(_INSERT, (numbers[0], packed, ids, *keys))


def stored_rows(
    connection: sqlite3.Connection, generation: int, record_id: str | None = None
) -> Iterator[StoredRow]:
    """All rows in the order of the source's file, or those of one record.

    `generation` is the store's own: that of all rows without an earlier generation.
    """
    needle = "" if record_id is None else json.dumps(record_id)
    query = _SHEETS.format(grounds=_grounds(layout_of(connection)))
    for columns in connection.execute(query, (needle,)):
        for row in _sheet(connection, *columns).rows(generation):
            if record_id is None or record_id == row.record_id:
                yield row


def copy_sheets(connection: sqlite3.Connection, seal: Callable[[bytes], bytes]) -> None:
    """Copy from the store `old` without the records' contents; `seal` replaces the digests."""
    connection.create_function("sealed", 1, seal)
    connection.executescript(_COPY.format(grounds=_grounds(layout_of(connection, "old"))))


def layout_of(connection: sqlite3.Connection, store: str = "main") -> int:
    (layout,) = connection.execute(f"PRAGMA {store}.user_version").fetchone()
    return int(layout)


def _grounds(layout: int) -> str:
    return "grounds" if layout >= _LAYOUT_WITH_GROUNDS else "x''"


def _sheet(
    connection: sqlite3.Connection,
    row_numbers: bytes,
    record_ids: str,
    digests: bytes,
    nonces: bytes,
    handles: bytes,
    grounds: bytes,
) -> _Sheet:
    numbers = np.frombuffer(row_numbers, np.int64).tolist()
    reach = (numbers[0], numbers[-1])

    return _Sheet(
        numbers,
        json.loads(record_ids),
        _keys(digests, len(numbers)),
        _keys(nonces, len(numbers)),
        as_list(handles),
        grounds or bytes([Ground.AS_WRITTEN]) * len(numbers),
        {number for (number,) in connection.execute(_REFUSED, reach)},
        {number: found for number, *found in connection.execute(_REPEATS, reach)},
        {number: found for number, *found in connection.execute(_KEPT, reach)},
    )


def _keys(packed: bytes, count: int) -> list[bytes]:
    return as_list(packed) or [b""] * count
