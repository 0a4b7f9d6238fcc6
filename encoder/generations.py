"""A file prepared anew within an epoch: whoever stays keeps the handle that was sent.

A person is the content of the linkage fields, as when duplicates are collapsed: equal content
stays, whatever the row is called now. Other content under a record id that was there is a
changed row: its earlier handle is left out, and a new one comes. Who was withdrawn after the
upload does not come back, neither by record id nor by content.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from encoder.readers import SUPPRESSED

_OBJECTED = """
INSERT INTO objected SELECT record_id, digest FROM before.objected;
INSERT INTO objected
    SELECT earlier.record_id, earlier.digest
    FROM before.rows AS earlier LEFT JOIN before.rows AS first
    ON first.row_number = earlier.same_as
    WHERE earlier.row_number >= 0
    AND COALESCE(first.handle, earlier.handle) IN (SELECT handle FROM temp.withdrawn);
"""
_REFUSE = """
INSERT INTO refused SELECT row_number, ? FROM rows
    WHERE digest IN (SELECT digest FROM objected)
    OR ((SELECT by_id FROM temp.known) AND record_id IN (SELECT record_id FROM objected))
"""
_DELETE = """
INSERT INTO kept_back SELECT bucket_of(handle), handle FROM rows
    WHERE row_number IN (SELECT row_number FROM refused);
DELETE FROM rows WHERE row_number IN (SELECT row_number FROM refused);
"""
_CARRY_OVER = """
INSERT INTO kept_back SELECT bucket_of(rows.handle), rows.handle
    FROM rows JOIN before.rows AS earlier ON earlier.digest = rows.digest
    WHERE earlier.same_as IS NULL AND rows.same_as IS NULL;
UPDATE rows SET nonce = earlier.nonce, handle = earlier.handle, since = earlier.since
    FROM before.rows AS earlier
    WHERE earlier.digest = rows.digest AND earlier.same_as IS NULL AND rows.same_as IS NULL;
INSERT INTO rows (row_number, nonce, handle, since)
    SELECT row_number, nonce, handle, since FROM before.rows WHERE row_number < 0;
INSERT INTO left_out
    SELECT handle, CASE WHEN (SELECT by_id FROM temp.known) THEN record_id ELSE '' END
    FROM before.rows
    WHERE row_number >= 0 AND same_as IS NULL
    AND handle NOT IN (SELECT handle FROM temp.withdrawn)
    AND handle NOT IN (SELECT handle FROM rows WHERE same_as IS NULL);
"""


@dataclass(frozen=True)
class Changes:
    """People of a file, beside those of the file before; canaries not counted."""

    added: int
    changed: int
    withdrawn: int
    unchanged: int


@dataclass(frozen=True)
class Before:
    """The store of the generation before, and who was withdrawn since the first one.

    Without `record_ids` of its own a source's rows are known by their numbers, which move.
    """

    path: Path
    generation: int
    withdrawn: Collection[bytes]
    record_ids: bool

    def attach(self, connection: sqlite3.Connection) -> None:
        """Make the store readable beside the new one."""
        location = f"{self.path.absolute().as_uri()}?mode=ro"
        connection.execute("ATTACH DATABASE ? AS before", (location,))
        connection.execute("CREATE TEMP TABLE withdrawn (handle BLOB PRIMARY KEY)")
        rows = ((handle,) for handle in self.withdrawn)
        connection.executemany("INSERT INTO temp.withdrawn VALUES (?)", rows)
        connection.execute("CREATE TEMP TABLE known AS SELECT ? AS by_id", (self.record_ids,))
        connection.commit()

    def leave_out_objected(self, connection: sqlite3.Connection) -> None:
        """Refuse the rows of people who were withdrawn."""
        connection.executescript(_OBJECTED)
        connection.execute(_REFUSE, (SUPPRESSED,))
        connection.executescript(_DELETE)

    def carry_over(self, connection: sqlite3.Connection) -> None:
        """Handles of whoever stays, canaries, and who is left out; duplicates are collapsed."""
        connection.executescript(_CARRY_OVER)
