"""The frozen rows of one dataset, on the agency's own machine.

`prepare` reads, normalises, refuses and freezes; from then on only this store is
read. Rows whose normalised fields are equal are collapsed into the first of them (T1);
canary slots take part in the count and in the root like any other row (T17).

Rows are only ever appended, and what is sorted afterwards are digests and handles:
the store grows with the file, memory does not, and no clear text is spilt elsewhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from encoder.handles import People
from policy.errors import NotYet
from policy.log import Frontier, leaf_hash
from policy.statements import DatasetCommitment
from policy.words import Words

# A canary's row_number is -1 - its slot. `same_as` names the row that this one repeats.
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE rows (
    row_number INTEGER PRIMARY KEY, record_id TEXT, fields TEXT, digest BLOB,
    nonce BLOB NOT NULL, handle BLOB NOT NULL, same_as INTEGER
);
CREATE TABLE refused (row_number INTEGER PRIMARY KEY, rule TEXT NOT NULL);
CREATE TABLE noted (row_number INTEGER NOT NULL, rule TEXT NOT NULL);
"""
_COLLAPSE = """
CREATE INDEX rows_by_digest ON rows (digest, row_number);
UPDATE rows SET same_as = repeated.first FROM (
    SELECT digest, MIN(row_number) AS first FROM rows
    WHERE digest IS NOT NULL GROUP BY digest HAVING COUNT(*) > 1
) AS repeated
WHERE rows.digest = repeated.digest AND rows.row_number > repeated.first;
DROP INDEX rows_by_digest;
CREATE UNIQUE INDEX people_by_handle ON rows (handle) WHERE same_as IS NULL;
"""


@dataclass(frozen=True)
class FrozenRows:
    """Rows as they will be encoded: 16-byte handles, and fields as `join_fields` joins them."""

    handles: list[bytes]
    fields: list[str] = field(repr=False)


@dataclass(frozen=True)
class Reconciliation:
    """Rows in = rows linked + duplicates collapsed + rows refused."""

    rows_in: int
    people: int
    collapsed: int
    refused: dict[str, int]


class PreparedDataset:
    """The SQLite store of one dataset."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise NotYet(
                "prepare.missing",
                Words(
                    f"Sumber data {path.stem} belum disiapkan.",
                    f"The dataset {path.stem} is not prepared yet.",
                ),
                Words("Jalankan 'padan-encoder prepare'.", "Run 'padan-encoder prepare'."),
            )
        self.path = path

    @classmethod
    def freeze(
        cls,
        path: Path,
        people: Iterable[People],
        refused: Iterable[tuple[int, str]],
        canaries: Sequence[tuple[bytes, bytes]],
        meta: dict[str, str],
        noted: Iterable[tuple[int, str]] = (),
    ) -> PreparedDataset:
        """Write the store next to its place, then move it there: never half-written.

        `people` is consumed before `refused` and `noted` (rows kept without a damaged
        identifier), so that one pass over the file fills them all. `canaries` are nonces and
        handles, a pair a slot.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        try:
            temporary.touch(mode=0o600)
            with closing(sqlite3.connect(temporary)) as connection, connection:
                connection.executescript(_TABLES)
                for some in people:
                    connection.executemany(_INSERT, _stored(some))
                slots = ((-1 - slot, *canary) for slot, canary in enumerate(canaries))
                connection.executemany(_INSERT_CANARY, slots)
                connection.executemany("INSERT INTO refused VALUES (?, ?)", refused)
                connection.executemany("INSERT INTO noted VALUES (?, ?)", noted)
                connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
                connection.commit()
                connection.executescript(_COLLAPSE)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return cls(path)

    def commitment(self) -> DatasetCommitment:
        """Merkle root over the sorted handles (RFC 6962 leaves), and their count."""
        query = "SELECT handle FROM rows WHERE same_as IS NULL ORDER BY handle"
        with closing(self._open()) as connection:
            handles = (handle for (handle,) in connection.execute(query))
            frontier = Frontier.empty().extend(map(leaf_hash, handles))
        return DatasetCommitment(handle_root=frontier.root().hex(), count=frontier.size)

    def rows(self, canaries: Sequence[str], rows_at_once: int) -> Iterator[FrozenRows]:
        """All rows in handle order. `canaries` are the fields that fill the slots."""
        query = "SELECT handle, fields, row_number FROM rows WHERE same_as IS NULL ORDER BY handle"
        with closing(self._open()) as connection:
            stored = connection.execute(query)
            while some := stored.fetchmany(rows_at_once):
                fields = [canaries[-1 - at] if at < 0 else joined for _, joined, at in some]
                yield FrozenRows([handle for handle, _, _ in some], fields)

    def canary_handles(self) -> dict[bytes, int]:
        with closing(self._open()) as connection:
            query = "SELECT handle, -1 - row_number FROM rows WHERE row_number < 0"
            return dict(connection.execute(query).fetchall())

    def source_rows(self) -> Iterator[tuple[int, str, bytes]]:
        """(row number, record id, handle) in the order of the source file."""
        query = """
            SELECT rows.row_number, rows.record_id, COALESCE(first.handle, rows.handle)
            FROM rows LEFT JOIN rows AS first ON first.row_number = rows.same_as
            WHERE rows.row_number >= 0 ORDER BY rows.row_number
        """
        with closing(self._open()) as connection:
            yield from connection.execute(query)

    def rows_of(self, record_id: str) -> list[tuple[int, bytes]]:
        """(row number, handle) of the rows of one record of this agency."""
        query = """
            SELECT rows.row_number, COALESCE(first.handle, rows.handle)
            FROM rows LEFT JOIN rows AS first ON first.row_number = rows.same_as
            WHERE rows.record_id = ? ORDER BY rows.row_number
        """
        with closing(self._open()) as connection:
            return connection.execute(query, (record_id,)).fetchall()

    def refused_rows(self) -> Iterator[tuple[int, str]]:
        """(row number, rule) of every row that was not encoded, in the source's order."""
        with closing(self._open()) as connection:
            yield from connection.execute("SELECT row_number, rule FROM refused ORDER BY 1")

    def noted_rows(self) -> Iterator[tuple[int, str]]:
        """(row number, rule) of rows that were encoded without a damaged identifier."""
        with closing(self._open()) as connection:
            yield from connection.execute("SELECT row_number, rule FROM noted ORDER BY 1, 2")

    def meta(self, key: str) -> str:
        with closing(self._open()) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def reconciliation(self) -> Reconciliation:
        with closing(self._open()) as connection:

            def count(query: str) -> int:
                return int(connection.execute(query).fetchone()[0])

            linked = count("SELECT COUNT(*) FROM rows WHERE row_number >= 0")
            people = count("SELECT COUNT(*) FROM rows WHERE row_number >= 0 AND same_as IS NULL")
            refused = dict(
                connection.execute("SELECT rule, COUNT(*) FROM refused GROUP BY rule").fetchall()
            )
        return Reconciliation(linked + sum(refused.values()), people, linked - people, refused)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        connection.execute("PRAGMA cache_size = -65536")
        return connection


_INSERT = (
    "INSERT INTO rows (row_number, record_id, fields, digest, nonce, handle)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_INSERT_CANARY = "INSERT INTO rows (row_number, nonce, handle) VALUES (?, ?, ?)"


def _stored(people: People) -> Iterator[tuple[int, str, str, bytes, bytes, bytes]]:
    return zip(
        people.row_numbers,
        people.record_ids,
        people.fields,
        people.digests,
        people.nonces,
        people.handles,
        strict=True,
    )
