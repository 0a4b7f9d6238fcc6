"""A file prepared anew within an epoch: whoever stays keeps the handle that was sent.

A person is the content of the linkage fields, as when duplicates are collapsed: equal content
stays, whatever the row is called now. Other content under a record id that was there is a
changed row: its earlier handle is left out, and a new one comes. Who was withdrawn after the
upload does not come back, neither by record id nor by content.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from encoder.readers import SUPPRESSED
from encoder.sheets import stored_rows

# Rows beside those of the generation before, for the time of the comparison.
_ROW = """
    row_number INTEGER PRIMARY KEY, record_id TEXT NOT NULL, digest BLOB NOT NULL,
    nonce BLOB NOT NULL, handle BLOB NOT NULL, same_as INTEGER, since INTEGER NOT NULL
"""
_SCRATCH = f"""
CREATE TABLE scratch.earlier ({_ROW});
CREATE TABLE scratch.rows ({_ROW});
CREATE TABLE scratch.withdrawn (handle BLOB PRIMARY KEY);
CREATE TABLE scratch.known (by_id INTEGER NOT NULL, generation INTEGER NOT NULL);
"""
_OBJECTED = """
INSERT INTO objected SELECT record_id, digest FROM before.objected;
INSERT INTO objected
    SELECT record_id, digest FROM scratch.earlier
    WHERE handle IN (SELECT handle FROM scratch.withdrawn);
"""
_REFUSE = """
INSERT INTO refused SELECT row_number, ? FROM scratch.rows
    WHERE digest IN (SELECT digest FROM objected)
    OR ((SELECT by_id FROM scratch.known) AND record_id IN (SELECT record_id FROM objected))
"""
_DELETE = """
INSERT INTO kept_back SELECT bucket_of(handle), handle FROM scratch.rows
    WHERE row_number IN (SELECT row_number FROM refused);
DELETE FROM scratch.rows WHERE row_number IN (SELECT row_number FROM refused);
"""
_CARRY_OVER = """
UPDATE scratch.rows AS later SET same_as = repeats.same_as
    FROM repeats WHERE repeats.row_number = later.row_number;
INSERT INTO kept_back SELECT bucket_of(later.handle), later.handle
    FROM scratch.rows AS later JOIN scratch.earlier AS earlier ON earlier.digest = later.digest
    WHERE earlier.same_as IS NULL AND later.same_as IS NULL;
UPDATE scratch.rows AS later
    SET nonce = earlier.nonce, handle = earlier.handle, since = earlier.since
    FROM scratch.earlier AS earlier
    WHERE earlier.digest = later.digest AND earlier.same_as IS NULL AND later.same_as IS NULL;
INSERT INTO kept SELECT row_number, nonce, handle, since FROM scratch.rows
    WHERE same_as IS NULL AND since < (SELECT generation FROM scratch.known);
UPDATE repeats SET handle = first.handle
    FROM scratch.rows AS first WHERE first.row_number = repeats.same_as;
INSERT INTO canaries SELECT * FROM before.canaries;
INSERT INTO left_out
    SELECT handle, CASE WHEN (SELECT by_id FROM scratch.known) THEN record_id ELSE '' END
    FROM scratch.earlier
    WHERE same_as IS NULL
    AND handle NOT IN (SELECT handle FROM scratch.withdrawn)
    AND handle NOT IN (SELECT handle FROM scratch.rows WHERE same_as IS NULL);
"""
_FRESH = """
SELECT COUNT(*), COUNT(DISTINCT CASE WHEN record_id IN (SELECT record_id FROM left_out)
                        THEN record_id END)
FROM scratch.rows WHERE same_as IS NULL AND since = (SELECT generation FROM scratch.known)
"""
_HANDLES = """
SELECT handle FROM scratch.rows WHERE same_as IS NULL UNION ALL SELECT handle FROM canaries
ORDER BY handle
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

    def attach(self, connection: sqlite3.Connection, scratch: Path) -> None:
        """Make the rows before readable beside the new ones, in a file to be thrown away."""
        location = f"{self.path.absolute().as_uri()}?mode=ro"
        scratch.touch(mode=0o600)
        connection.execute("ATTACH DATABASE ? AS before", (location,))
        connection.execute("ATTACH DATABASE ? AS scratch", (str(scratch),))
        connection.executescript(_SCRATCH)
        with closing(sqlite3.connect(location, uri=True)) as store:
            connection.executemany(
                "INSERT INTO scratch.earlier VALUES (?, ?, ?, ?, ?, ?, ?)",
                stored_rows(store, self.generation),
            )
        handles = ((handle,) for handle in self.withdrawn)
        connection.executemany("INSERT INTO scratch.withdrawn VALUES (?)", handles)
        known = (self.record_ids, self.generation + 1)
        connection.execute("INSERT INTO scratch.known VALUES (?, ?)", known)
        connection.commit()

    def leave_out_objected(self, connection: sqlite3.Connection) -> None:
        """Refuse the rows of people who were withdrawn."""
        rows = stored_rows(connection, self.generation + 1)
        connection.executemany("INSERT INTO scratch.rows VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.executescript(_OBJECTED)
        connection.execute(_REFUSE, (SUPPRESSED,))
        connection.executescript(_DELETE)

    def carry_over(self, connection: sqlite3.Connection) -> tuple[int, int]:
        """Handles of whoever stays, canaries, and who is left out; duplicates are collapsed.

        Returns how many people have new handles, and how many of these were there before.
        """
        connection.executescript(_CARRY_OVER)
        fresh, changed = connection.execute(_FRESH).fetchone()
        return fresh, changed

    def handles(self, connection: sqlite3.Connection) -> Iterator[bytes]:
        """Those of all people and canaries as they are now, ascending."""
        return (handle for (handle,) in connection.execute(_HANDLES))
