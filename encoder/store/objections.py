"""Rows of a frozen dataset that objected, of a person who has another row that stays.

The service knows one handle for both rows and keeps it. The agency keeps the number of the row
that objected, in the store of that file. Such a row appears in no list, and a later file
leaves it out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

_TABLE = "CREATE TABLE IF NOT EXISTS objected_rows (row_number INTEGER PRIMARY KEY)"
_THERE = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'objected_rows'"


def objected_rows(connection: sqlite3.Connection) -> set[int]:
    """The row numbers; a store without such rows has no table for them."""
    (there,) = connection.execute(_THERE).fetchone()
    if not there:
        return set()
    return {number for (number,) in connection.execute("SELECT row_number FROM objected_rows")}


def write_objections(connection: sqlite3.Connection, rows: Iterable[int]) -> None:
    connection.execute(_TABLE)
    numbers = ((number,) for number in rows)
    connection.executemany("INSERT OR IGNORE INTO objected_rows VALUES (?)", numbers)


def note_objections(path: Path, rows: Iterable[int]) -> None:
    """Enter rows into the store at this path: all of them or none."""
    with closing(sqlite3.connect(path.absolute().as_uri(), uri=True)) as connection, connection:
        connection.execute("BEGIN")
        write_objections(connection, rows)
