"""Preparing a file again within an epoch: a person who stays keeps the handle that was sent.

1.  The rule that merges duplicates (`encoder.store.identity`) also decides which new rows are the
    same person as an old row. Rows with too little content stay only under their record id.
2.  An earlier record id with other content is a changed row: its earlier handle is left out, and
    a new one is added.
3.  An objection removes the named rows. Their record ids do not come back; nor does a row under a
    new record id whose NIK and content equal those of a row that objected.
4.  Without record ids a row is identified by its content. All rows of a withdrawn person are left
    out; of rows with too little content, as many as were withdrawn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from encoder.base.pieces import as_list, split_rows
from encoder.source.readers.rules import OBJECTED_ELSEWHERE, OBJECTED_SAME_CONTENT, SUPPRESSED
from encoder.store.handles import digests_of
from encoder.store.identity import Ground
from encoder.store.objections import objected_rows
from encoder.store.sheets import layout_of, stored_rows

# Rows of both generations, while they are compared.
_ROW = """
    row_number INTEGER PRIMARY KEY, record_id TEXT NOT NULL, digest BLOB NOT NULL,
    nonce BLOB NOT NULL, handle BLOB NOT NULL, same_as INTEGER, since INTEGER NOT NULL,
    ground INTEGER NOT NULL
"""
_SCRATCH = f"""
CREATE TABLE scratch.earlier ({_ROW});
CREATE TABLE scratch.rows ({_ROW});
CREATE TABLE scratch.persons (row_number INTEGER PRIMARY KEY, digest BLOB NOT NULL);
CREATE TABLE scratch.plain (handle BLOB PRIMARY KEY, digest BLOB NOT NULL);
CREATE TABLE scratch.withdrawn (handle BLOB PRIMARY KEY);
CREATE TABLE scratch.objected_rows (row_number INTEGER PRIMARY KEY);
CREATE TABLE scratch.known (
    by_id INTEGER NOT NULL, earlier_by_id INTEGER NOT NULL, generation INTEGER NOT NULL,
    too_little INTEGER NOT NULL, nik INTEGER NOT NULL
);
CREATE TABLE scratch.stays (
    row_number INTEGER PRIMARY KEY, nonce BLOB NOT NULL, handle BLOB NOT NULL UNIQUE,
    since INTEGER NOT NULL
);
"""
_INSERT_EARLIER = "INSERT INTO scratch.earlier VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_ROWS = "INSERT INTO scratch.rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
# A store of layout 3 has digests of the fields only: it is compared by these.
_AS_LAYOUT_3 = """
INSERT INTO scratch.persons SELECT row_number, digest FROM scratch.rows;
UPDATE scratch.rows AS later SET digest = plain.digest
    FROM scratch.plain AS plain WHERE plain.handle = later.handle;
"""
# A record id that was a row number, or comes from another column, has no meaning in this file.
_OBJECTED = """
INSERT INTO objected
    SELECT CASE WHEN (SELECT earlier_by_id FROM scratch.known) THEN record_id ELSE '' END, digest,
        {whole}
    FROM before.objected;
INSERT INTO objected
    SELECT CASE WHEN (SELECT earlier_by_id FROM scratch.known) THEN record_id ELSE '' END, digest,
        (SELECT ground > too_little FROM scratch.known)
        AND handle IN (SELECT handle FROM scratch.withdrawn)
    FROM scratch.earlier
    WHERE handle IN (SELECT handle FROM scratch.withdrawn)
    OR row_number IN (SELECT row_number FROM scratch.objected_rows);
"""
# If another person has the same id, only the row that objected is identified.
_REFUSE_ID = """
INSERT OR IGNORE INTO refused SELECT row_number, ? FROM scratch.rows
    WHERE (SELECT by_id FROM scratch.known)
    AND record_id IN (SELECT record_id FROM objected WHERE record_id != '')
    AND (
        (record_id, digest) IN (SELECT record_id, digest FROM objected)
        OR record_id NOT IN (
            SELECT record_id FROM scratch.earlier
            WHERE handle NOT IN (SELECT handle FROM scratch.withdrawn)
            AND row_number NOT IN (SELECT row_number FROM scratch.objected_rows)
        )
    )
"""
_REFUSE_NEW_ID = """
INSERT OR IGNORE INTO refused SELECT row_number, ? FROM scratch.rows
    WHERE (SELECT by_id AND earlier_by_id FROM scratch.known)
    AND ground = (SELECT nik FROM scratch.known)
    AND digest IN (SELECT digest FROM objected WHERE record_id != '')
    AND record_id NOT IN (SELECT record_id FROM scratch.earlier)
"""
# All rows of a person who left; of rows that cannot be told apart, as many as left.
_REFUSE_CONTENT = """
WITH gone AS (
    SELECT digest, COUNT(*) AS times, MAX(whole) AS whole FROM objected
    WHERE record_id = '' OR NOT (SELECT by_id FROM scratch.known) GROUP BY digest
), ranked AS (
    SELECT row_number, digest, ROW_NUMBER() OVER (PARTITION BY digest ORDER BY row_number) AS nth
    FROM scratch.rows WHERE digest IN (SELECT digest FROM gone)
    AND row_number NOT IN (SELECT row_number FROM refused)
)
INSERT OR IGNORE INTO refused
    SELECT row_number, ? FROM ranked JOIN gone USING (digest) WHERE whole OR nth <= times
"""
# Later files recognise rows refused by content by their current digests.
_DELETE = """
INSERT INTO objected SELECT '', persons.digest, 1
    FROM scratch.persons AS persons JOIN scratch.rows AS later USING (row_number)
    JOIN refused USING (row_number)
    WHERE persons.digest != later.digest;
INSERT INTO kept_back SELECT bucket_of(handle), handle FROM scratch.rows
    WHERE row_number IN (SELECT row_number FROM refused);
DELETE FROM scratch.rows WHERE row_number IN (SELECT row_number FROM refused);
"""
_COLLAPSED = """
UPDATE scratch.rows AS later SET same_as = repeats.same_as
    FROM repeats WHERE repeats.row_number = later.row_number;
"""
_STAYS_BY_ID = """
INSERT OR IGNORE INTO scratch.stays
    SELECT later.row_number, earlier.nonce, earlier.handle, earlier.since
    FROM scratch.rows AS later JOIN scratch.earlier AS earlier
        ON earlier.digest = later.digest AND earlier.record_id = later.record_id
    WHERE (SELECT by_id AND earlier_by_id FROM scratch.known)
    AND earlier.same_as IS NULL AND later.same_as IS NULL
    AND earlier.handle NOT IN (SELECT handle FROM scratch.withdrawn)
    ORDER BY later.row_number;
"""
_STAYS_BY_CONTENT = """
WITH later AS (
    SELECT row_number, digest, ROW_NUMBER() OVER (PARTITION BY digest ORDER BY row_number) AS nth
    FROM scratch.rows
    WHERE same_as IS NULL
    AND row_number NOT IN (SELECT row_number FROM scratch.stays)
    AND (SELECT NOT by_id OR ground > too_little FROM scratch.known)
), earlier AS (
    SELECT nonce, handle, since, digest,
        ROW_NUMBER() OVER (PARTITION BY digest ORDER BY row_number) AS nth
    FROM scratch.earlier
    WHERE same_as IS NULL
    AND handle NOT IN (SELECT handle FROM scratch.stays)
    AND handle NOT IN (SELECT handle FROM scratch.withdrawn)
)
INSERT INTO scratch.stays
    SELECT later.row_number, earlier.nonce, earlier.handle, earlier.since
    FROM later JOIN earlier USING (digest, nth);
"""
_CARRY_OVER = """
INSERT INTO kept_back SELECT bucket_of(later.handle), later.handle
    FROM scratch.rows AS later JOIN scratch.stays USING (row_number);
UPDATE scratch.rows AS later
    SET nonce = stays.nonce, handle = stays.handle, since = stays.since
    FROM scratch.stays AS stays WHERE stays.row_number = later.row_number;
INSERT INTO kept SELECT row_number, nonce, handle, since FROM scratch.rows
    WHERE same_as IS NULL AND since < (SELECT generation FROM scratch.known);
UPDATE repeats SET handle = first.handle
    FROM scratch.rows AS first WHERE first.row_number = repeats.same_as;
INSERT INTO canaries SELECT * FROM before.canaries;
INSERT INTO left_out
    SELECT handle,
        CASE WHEN (SELECT by_id AND earlier_by_id FROM scratch.known) THEN record_id ELSE '' END
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
_PIECES = "SELECT handles, fields FROM pieces"


@dataclass(frozen=True)
class Changes:
    """The people of a file, compared with the earlier file; canaries not counted."""

    added: int
    changed: int
    withdrawn: int
    unchanged: int


@dataclass(frozen=True)
class Before:
    """The store of the previous generation, and all handles withdrawn since the first one.

    A source without its own `record_ids` identifies rows by number, and numbers change.
    `earlier_ids`: the earlier store has ids too, from the same columns.
    """

    path: Path
    generation: int
    withdrawn: Collection[bytes]
    record_ids: bool
    earlier_ids: bool

    def attach(self, connection: sqlite3.Connection, scratch: Path) -> None:
        """Make the earlier rows readable in a temporary database file."""
        location = f"{self.path.absolute().as_uri()}?mode=ro"
        scratch.touch(mode=0o600)
        connection.execute("ATTACH DATABASE ? AS before", (location,))
        connection.execute("ATTACH DATABASE ? AS scratch", (str(scratch),))
        connection.executescript(_SCRATCH)
        with closing(sqlite3.connect(location, uri=True)) as store:
            connection.executemany(_INSERT_EARLIER, stored_rows(store, self.generation))
            rows = ((number,) for number in objected_rows(store))
            connection.executemany("INSERT INTO scratch.objected_rows VALUES (?)", rows)
        handles = ((handle,) for handle in self.withdrawn)
        connection.executemany("INSERT INTO scratch.withdrawn VALUES (?)", handles)
        known = (self.record_ids, self.earlier_ids, self.generation + 1)
        grounds = (Ground.TOO_LITTLE, Ground.NIK)
        connection.execute("INSERT INTO scratch.known VALUES (?, ?, ?, ?, ?)", known + grounds)
        connection.commit()

    def leave_out_objected(self, connection: sqlite3.Connection) -> None:
        """Refuse the rows that objected."""
        rows = stored_rows(connection, self.generation + 1)
        connection.executemany(_INSERT_ROWS, rows)
        whole = "whole"
        if layout_of(connection, "before") < layout_of(connection):
            connection.executemany("INSERT INTO scratch.plain VALUES (?, ?)", _plain(connection))
            connection.executescript(_AS_LAYOUT_3)
            whole = "1"
        connection.executescript(_OBJECTED.format(whole=whole))
        connection.execute(_REFUSE_ID, (SUPPRESSED,))
        connection.execute(_REFUSE_NEW_ID, (OBJECTED_ELSEWHERE,))
        connection.execute(_REFUSE_CONTENT, (OBJECTED_SAME_CONTENT,))
        connection.executescript(_DELETE)

    def carry_over(self, connection: sqlite3.Connection) -> tuple[int, int]:
        """Carry over handles of people who stay and of canaries; collapse duplicates.

        Returns how many people have new handles, and how many of these are in the earlier file.
        """
        for step in (_COLLAPSED, _STAYS_BY_ID, _STAYS_BY_CONTENT, _CARRY_OVER):
            connection.executescript(step)
        fresh, changed = connection.execute(_FRESH).fetchone()
        return fresh, changed

    def handles(self, connection: sqlite3.Connection) -> Iterator[bytes]:
        """The current handles of all people and canaries, ascending."""
        return (handle for (handle,) in connection.execute(_HANDLES))


def _plain(connection: sqlite3.Connection) -> Iterator[tuple[bytes, bytes]]:
    """Handle, and the digest of the normalised fields only."""
    for handles, fields in connection.execute(_PIECES):
        digests = digests_of(split_rows([fields]))
        yield from zip(as_list(handles), as_list(digests), strict=True)
