"""The frozen rows of one dataset, on the agency's own machine.

`prepare` reads, normalises, refuses and freezes; from then on only this store is
read. Every person's row gets its handle here, before any key exists:

    handle = HMAC(local key; record id, digest of the normalised fields, nonce)[:16]

Rows whose normalised fields are equal are collapsed into the first of them (T1);
canary slots take part in the count and in the root like any other row (T17).

Rows are only ever appended, and what is sorted afterwards are digests and handles:
the store grows with the file, memory does not, and no clear text is spilt elsewhere.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from policy.errors import NotYet
from policy.log import Frontier, leaf_hash
from policy.statements import DatasetCommitment
from policy.words import Words

HANDLE_BYTES = 16
_NONCE_BYTES = 16
_DIGEST_BYTES = 16
_ROWS_AT_ONCE = 10_000
# Normalised text has no control characters, so this one can stand between fields.
_BETWEEN = "\x1f"

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
class SourceRow:
    """One row of the source file after normalising; `fields` in identifier order."""

    row_number: int
    record_id: str
    fields: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class FrozenRow:
    """One row as it will be encoded. A canary has its slot number and no fields."""

    handle: bytes
    fields: tuple[str, ...] = field(repr=False)
    canary: int | None


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
        rows: Iterable[SourceRow],
        refused: Iterable[tuple[int, str]],
        local_key: bytes,
        canaries: int,
        meta: dict[str, str],
        noted: Iterable[tuple[int, str]] = (),
    ) -> PreparedDataset:
        """Write the store next to its place, then move it there: never half-written.

        `rows` is consumed before `refused` and `noted` (rows kept without a damaged
        identifier), so that one pass over the file fills them all.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        hand_out = _Handles(local_key)
        try:
            temporary.touch(mode=0o600)
            with closing(sqlite3.connect(temporary)) as connection, connection:
                connection.executescript(_TABLES)
                for some in _batches(rows):
                    connection.executemany(_INSERT, hand_out.to_people(some))
                connection.executemany(_INSERT, hand_out.to_canaries(canaries))
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

    def rows(self) -> Iterator[FrozenRow]:
        """All rows in handle order."""
        query = "SELECT handle, fields, row_number FROM rows WHERE same_as IS NULL ORDER BY handle"
        with closing(self._open()) as connection:
            for handle, fields, number in connection.execute(query):
                if number < 0:
                    yield FrozenRow(handle, (), -1 - number)
                else:
                    yield FrozenRow(handle, tuple(fields.split(_BETWEEN)), None)

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
        return str(row[0])

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
_Row = tuple[int, str | None, str | None, bytes | None, bytes, bytes]


class _Handles:
    """Rows for the store, each with a fresh nonce and its handle."""

    def __init__(self, local_key: bytes) -> None:
        self._keyed = HMAC(local_key, SHA256())

    def to_people(self, rows: Sequence[SourceRow]) -> Iterator[_Row]:
        nonces = os.urandom(_NONCE_BYTES * len(rows))
        for at, row in enumerate(rows):
            fields = _BETWEEN.join(row.fields)
            digest = sha256(fields.encode()).digest()[:_DIGEST_BYTES]
            nonce = nonces[at * _NONCE_BYTES : (at + 1) * _NONCE_BYTES]
            handle = self._handle(row.record_id.encode(), digest, nonce)
            yield row.row_number, row.record_id, fields, digest, nonce, handle

    def to_canaries(self, slots: int) -> Iterator[_Row]:
        for slot in range(slots):
            nonce = os.urandom(_NONCE_BYTES)
            handle = self._handle(b"canary", slot.to_bytes(_DIGEST_BYTES, "big"), nonce)
            yield -1 - slot, None, None, None, nonce, handle

    def _handle(self, record_id: bytes, digest: bytes, nonce: bytes) -> bytes:
        # Digest and nonce have fixed lengths, so the parts cannot run into each other.
        mac = self._keyed.copy()
        mac.update(digest + nonce + record_id)
        return mac.finalize()[:HANDLE_BYTES]


def _batches(rows: Iterable[SourceRow]) -> Iterator[tuple[SourceRow, ...]]:
    remaining = iter(rows)
    while some := tuple(islice(remaining, _ROWS_AT_ONCE)):
        yield some
