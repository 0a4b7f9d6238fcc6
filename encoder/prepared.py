"""The frozen rows of one dataset, on the agency's own machine.

`prepare` reads, normalises, refuses and freezes; from then on only this store is
read. Every person's row gets its handle here, before any key exists:

    handle = HMAC(local key; record id, digest of the normalised fields, nonce)[:16]

Rows whose normalised fields are equal are collapsed into one (T1); canary slots
take part in the count and in the root like any other row (T17).
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from policy.canonical import canonical_json, sha256
from policy.errors import NotYet
from policy.log import Frontier, leaf_hash
from policy.statements import DatasetCommitment
from policy.words import Words

HANDLE_BYTES = 16
_NONCE_BYTES = 16

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE people (
    handle BLOB PRIMARY KEY, nonce BLOB NOT NULL, fingerprint BLOB UNIQUE,
    record_id TEXT, fields TEXT, canary INTEGER UNIQUE
) WITHOUT ROWID;
CREATE TABLE source_rows (row_number INTEGER PRIMARY KEY, record_id TEXT, handle BLOB NOT NULL);
CREATE INDEX source_rows_by_handle ON source_rows (handle);
CREATE TABLE refused (row_number INTEGER PRIMARY KEY, rule TEXT NOT NULL);
CREATE TABLE noted (row_number INTEGER NOT NULL, rule TEXT NOT NULL);
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
        try:
            with closing(sqlite3.connect(temporary)) as connection, connection:
                connection.executescript(_TABLES)
                for row in rows:
                    _insert(connection, row, local_key)
                connection.executemany("INSERT INTO refused VALUES (?, ?)", refused)
                connection.executemany("INSERT INTO noted VALUES (?, ?)", noted)
                for slot in range(canaries):
                    _insert_canary(connection, slot, local_key)
                connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
            temporary.chmod(0o600)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return cls(path)

    def commitment(self) -> DatasetCommitment:
        """Merkle root over the sorted handles (RFC 6962 leaves), and their count."""
        frontier = Frontier.empty()
        with closing(self._open()) as connection:
            for (handle,) in connection.execute("SELECT handle FROM people ORDER BY handle"):
                frontier = frontier.append(leaf_hash(handle))
        return DatasetCommitment(handle_root=frontier.root().hex(), count=frontier.size)

    def rows(self) -> Iterator[FrozenRow]:
        """All rows in handle order."""
        with closing(self._open()) as connection:
            query = "SELECT handle, fields, canary FROM people ORDER BY handle"
            for handle, fields, canary in connection.execute(query):
                yield FrozenRow(handle, tuple(json.loads(fields)) if fields else (), canary)

    def canary_handles(self) -> dict[bytes, int]:
        with closing(self._open()) as connection:
            query = "SELECT handle, canary FROM people WHERE canary IS NOT NULL"
            return dict(connection.execute(query).fetchall())

    def source_rows(self) -> Iterator[tuple[int, str, bytes]]:
        """(row number, record id, handle) in the order of the source file."""
        with closing(self._open()) as connection:
            query = "SELECT row_number, record_id, handle FROM source_rows ORDER BY row_number"
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

            linked = count("SELECT COUNT(*) FROM source_rows")
            people = count("SELECT COUNT(*) FROM people WHERE canary IS NULL")
            refused = dict(
                connection.execute("SELECT rule, COUNT(*) FROM refused GROUP BY rule").fetchall()
            )
        return Reconciliation(linked + sum(refused.values()), people, linked - people, refused)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)


def _insert(connection: sqlite3.Connection, row: SourceRow, local_key: bytes) -> None:
    fingerprint = bytes.fromhex(sha256(canonical_json(list(row.fields))))
    known = connection.execute(
        "SELECT handle FROM people WHERE fingerprint = ?", (fingerprint,)
    ).fetchone()
    if known is None:
        nonce = os.urandom(_NONCE_BYTES)
        handle = _handle(local_key, (row.record_id.encode(), fingerprint, nonce))
        connection.execute(
            "INSERT INTO people VALUES (?, ?, ?, ?, ?, NULL)",
            (
                handle,
                nonce,
                fingerprint,
                row.record_id,
                json.dumps(row.fields, ensure_ascii=False),
            ),
        )
    else:
        handle = known[0]
    connection.execute(
        "INSERT INTO source_rows VALUES (?, ?, ?)", (row.row_number, row.record_id, handle)
    )


def _insert_canary(connection: sqlite3.Connection, slot: int, local_key: bytes) -> None:
    nonce = os.urandom(_NONCE_BYTES)
    handle = _handle(local_key, (b"canary", slot.to_bytes(4, "big"), nonce))
    connection.execute(
        "INSERT INTO people VALUES (?, ?, NULL, NULL, NULL, ?)", (handle, nonce, slot)
    )


def _handle(local_key: bytes, parts: Sequence[bytes]) -> bytes:
    mac = HMAC(local_key, SHA256())
    for part in parts:
        mac.update(len(part).to_bytes(4, "big") + part)
    return mac.finalize()[:HANDLE_BYTES]
