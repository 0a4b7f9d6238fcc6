"""The frozen rows of one dataset, on the agency's own machine.

`prepare` reads, normalises, refuses and freezes; from then on only this store is
read. Rows whose normalised fields are equal are collapsed into the first of them (T1);
canary slots take part in the count and in the root like any other row (T17).

Rows are only ever appended. What is sent lies in pieces (see `pieces`), which are read again a
bucket of handles at a time: the store grows with the file, memory does not, and no clear text is
spilt elsewhere.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory

from encoder.generations import Before, Changes
from encoder.handles import People
from encoder.pieces import BUCKETS, as_list, bucket_of, in_key_order, split_rows
from encoder.repeats import Repeats
from policy.errors import NotYet
from policy.files import overwrite
from policy.log import Frontier, leaf_hash
from policy.statements import DatasetCommitment
from policy.words import Words

# A canary's row_number is -1 - its slot. `same_as` names the row that this one repeats. `since` is
# the generation that first had this handle: 0 is the bundle's, others are those of deltas. Who
# `objected` was withdrawn after upload; `left_out` are people of the generation before.
# `kept_back` are the handles of pieces that are not sent: of repeated rows, and of whoever stays.
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
PRAGMA user_version = 2;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE rows (
    row_number INTEGER PRIMARY KEY, record_id TEXT, digest BLOB,
    nonce BLOB NOT NULL, handle BLOB NOT NULL, same_as INTEGER, since INTEGER NOT NULL
);
CREATE TABLE pieces (bucket INTEGER NOT NULL, handles BLOB NOT NULL, fields TEXT NOT NULL);
CREATE TABLE kept_back (bucket INTEGER NOT NULL, handle BLOB NOT NULL);
CREATE TABLE refused (row_number INTEGER PRIMARY KEY, rule TEXT NOT NULL);
CREATE TABLE noted (row_number INTEGER NOT NULL, rule TEXT NOT NULL);
CREATE TABLE objected (record_id TEXT NOT NULL, digest BLOB NOT NULL);
CREATE TABLE left_out (handle BLOB NOT NULL, record_id TEXT NOT NULL);
"""
_LAYOUT = 2
_INDEXES = """
CREATE INDEX pieces_by_bucket ON pieces (bucket);
CREATE INDEX kept_back_by_bucket ON kept_back (bucket);
"""
_COPY_WITHOUT_FIELDS = """
INSERT INTO main.meta SELECT * FROM old.meta;
INSERT INTO main.refused SELECT * FROM old.refused;
INSERT INTO main.noted SELECT * FROM old.noted;
INSERT INTO main.left_out SELECT * FROM old.left_out;
INSERT INTO main.rows
    SELECT row_number, record_id, NULL, x'', handle, same_as, since FROM old.rows;
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
        self._require_layout()

    @classmethod
    def freeze(
        cls,
        path: Path,
        people: Iterable[People],
        refused: Iterable[tuple[int, str]],
        canaries: Sequence[tuple[bytes, bytes]],
        meta: dict[str, str],
        noted: Iterable[tuple[int, str]] = (),
        before: Before | None = None,
    ) -> PreparedDataset:
        """Write the store next to its place, then move it there: never half-written.

        `people` is consumed before `refused` and `noted` (rows kept without a damaged
        identifier), so that one pass over the file fills them all. `canaries` are nonces and
        handles, a pair a slot; with `before` they are carried over, as whoever stays is.
        """
        generation = before.generation + 1 if before else 0
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f"{path.stem}-", dir=path.parent) as folder:
            temporary = Path(folder) / path.name
            temporary.touch(mode=0o600)
            with (
                closing(_created(temporary)) as connection,
                closing(Repeats(Path(folder) / "digests.sqlite")) as repeats,
            ):
                if before:
                    before.attach(connection)
                for some in people:
                    connection.executemany(_INSERT, _stored(some, generation))
                    connection.executemany("INSERT INTO pieces VALUES (?, ?, ?)", some.by_handle)
                    repeats.add(some.by_digest)
                slots = ((-1 - slot, *canary) for slot, canary in enumerate(canaries))
                connection.executemany(_INSERT_CANARY, slots)
                connection.executemany("INSERT INTO refused VALUES (?, ?)", refused)
                connection.executemany("INSERT INTO noted VALUES (?, ?)", noted)
                if before:
                    before.leave_out_objected(connection)
                connection.executemany(_COLLAPSE, repeats.found(_refused(connection)))
                connection.execute(_KEEP_BACK)
                connection.commit()
                if before:
                    before.carry_over(connection)
                connection.executescript(_INDEXES)
                root = _root(connection, generation)
                stored = {
                    **meta,
                    "generation": str(generation),
                    "handle_root": root.root().hex(),
                    "count": str(root.size),
                }
                connection.executemany("INSERT INTO meta VALUES (?, ?)", stored.items())
                connection.commit()
            temporary.replace(path)
        return cls(path)

    def commitment(self) -> DatasetCommitment:
        """Merkle root over the sorted handles (RFC 6962 leaves), and their count."""
        return DatasetCommitment(
            handle_root=self.meta("handle_root"), count=int(self.meta("count"))
        )

    def rows(self, canaries: Sequence[str], rows_at_once: int) -> Iterator[FrozenRows]:
        """The rows to be sent, in handle order: those that no generation before had.

        `canaries` are the fields that fill the slots.
        """
        handles: list[bytes] = []
        fields: list[str] = []
        with closing(self._open()) as connection:
            for keys, theirs in _to_send(connection, self.generation, canaries):
                handles += keys
                fields += theirs
                while len(handles) >= rows_at_once:
                    yield FrozenRows(handles[:rows_at_once], fields[:rows_at_once])
                    del handles[:rows_at_once], fields[:rows_at_once]
        if handles:
            yield FrozenRows(handles, fields)

    def rows_to_send(self) -> int:
        """How many `rows` gives."""
        query = "SELECT COUNT(*) FROM rows WHERE same_as IS NULL AND since = ?"
        with closing(self._open()) as connection:
            return int(connection.execute(query, (self.generation,)).fetchone()[0])

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

    def present(self, handles: Sequence[bytes]) -> set[bytes]:
        """Those of these handles that are a row's."""
        query = "SELECT 1 FROM rows WHERE handle = ? AND same_as IS NULL"
        with closing(self._open()) as connection:
            return {each for each in handles if connection.execute(query, (each,)).fetchone()}

    def refused_rows(self) -> Iterator[tuple[int, str]]:
        """(row number, rule) of every row that was not encoded, in the source's order."""
        with closing(self._open()) as connection:
            yield from connection.execute("SELECT row_number, rule FROM refused ORDER BY 1")

    def noted_rows(self) -> Iterator[tuple[int, str]]:
        """(row number, rule) of rows that were encoded without a damaged identifier."""
        with closing(self._open()) as connection:
            yield from connection.execute("SELECT row_number, rule FROM noted ORDER BY 1, 2")

    @property
    def generation(self) -> int:
        return int(self.meta("generation"))

    def changes(self) -> Changes:
        """What differs from the generation before."""
        asked = {"generation": self.generation}
        with closing(self._open()) as connection:
            people, fresh, changed, left = connection.execute(_CHANGES, asked).fetchone()
        return Changes(fresh - changed, changed, left - changed, people - fresh)

    def left_out(self) -> list[bytes]:
        """The handles of people whom the generation before had, ascending."""
        with closing(self._open()) as connection:
            query = "SELECT handle FROM left_out ORDER BY handle"
            return [handle for (handle,) in connection.execute(query)]

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

    def _require_layout(self) -> None:
        with closing(self._open()) as connection:
            (layout,) = connection.execute("PRAGMA user_version").fetchone()
        if layout != _LAYOUT:
            raise NotYet(
                "prepare.layout",
                Words(
                    f"Sumber data {self.path.stem} disiapkan oleh versi Padan yang lain.",
                    f"The dataset {self.path.stem} was prepared by another version of Padan.",
                ),
                Words(
                    "Selesaikan zaman ini dengan versi itu, atau siapkan ulang sebelum komitmen.",
                    "Finish this epoch with that version, or prepare again before the commitment.",
                ),
            )

    def forget_fields(self) -> None:
        """Keep which record a handle means, and nothing that was in the record.

        The new store takes the old one's place before that is overwritten, so that a crash
        leaves one of the two and never half of one.
        """
        temporary = self.path.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=0o600)
        with closing(_created(temporary)) as connection, connection:
            connection.execute("ATTACH DATABASE ? AS old", (str(self.path),))
            connection.executescript(_COPY_WITHOUT_FIELDS)
        old = os.open(self.path, os.O_RDWR)
        try:
            with temporary.open("rb") as written:
                os.fsync(written.fileno())
            temporary.replace(self.path)
            overwrite(old)
        finally:
            os.close(old)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        connection.execute("PRAGMA cache_size = -65536")
        return connection


_INSERT = (
    "INSERT INTO rows (row_number, record_id, digest, nonce, handle, since)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_INSERT_CANARY = "INSERT INTO rows (row_number, nonce, handle, since) VALUES (?, ?, ?, 0)"
_COLLAPSE = "UPDATE rows SET same_as = ? WHERE row_number = ?"
_KEEP_BACK = """
INSERT INTO kept_back SELECT bucket_of(handle), handle FROM rows WHERE same_as IS NOT NULL
"""
_PIECES = "SELECT handles, fields FROM pieces WHERE bucket = ? ORDER BY rowid"
_CHANGES = """
SELECT
    (SELECT COUNT(*) FROM rows WHERE row_number >= 0 AND same_as IS NULL),
    (SELECT COUNT(*) FROM rows
        WHERE row_number >= 0 AND same_as IS NULL AND since = :generation),
    (SELECT COUNT(DISTINCT record_id) FROM rows
        WHERE row_number >= 0 AND same_as IS NULL AND since = :generation
        AND record_id IN (SELECT record_id FROM left_out)),
    (SELECT COUNT(*) FROM left_out)
"""


def _created(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path.absolute().as_uri(), uri=True)
    connection.create_function("bucket_of", 1, bucket_of, deterministic=True)
    connection.executescript(_TABLES)
    return connection


def _stored(people: People, generation: int) -> Iterator[tuple[int, str, bytes, bytes, bytes, int]]:
    return zip(
        people.row_numbers,
        people.record_ids,
        as_list(people.digests),
        as_list(people.nonces),
        as_list(people.handles),
        repeat(generation),
        strict=False,  # the last one has no end
    )


def _refused(connection: sqlite3.Connection) -> list[int]:
    return [row for (row,) in connection.execute("SELECT row_number FROM refused")]


def _root(connection: sqlite3.Connection, generation: int) -> Frontier:
    """The tree over the handles of all people and canaries, in order."""
    if generation:
        query = "SELECT handle FROM rows WHERE same_as IS NULL ORDER BY handle"
        return Frontier.empty().extend(leaf_hash(handle) for (handle,) in connection.execute(query))
    root = Frontier.empty()
    for handles, _ in _to_send(connection, generation, defaultdict(str)):
        root = root.extend(map(leaf_hash, handles))
    return root


def _to_send(
    connection: sqlite3.Connection, generation: int, canaries: Sequence[str] | Mapping[int, str]
) -> Iterator[tuple[list[bytes], list[str]]]:
    """Handles and joined fields of what this generation adds, in handle order."""
    slots: dict[int, list[tuple[bytes, str]]] = defaultdict(list)
    query = "SELECT handle, -1 - row_number FROM rows WHERE row_number < 0 AND since = ?"
    for handle, slot in connection.execute(query, (generation,)):
        slots[bucket_of(handle)].append((handle, canaries[slot]))
    for bucket in range(BUCKETS):
        pieces = connection.execute(_PIECES, (bucket,)).fetchall()
        packed = b"".join([*(keys for keys, _ in pieces), *(key for key, _ in slots[bucket])])
        fields = split_rows([texts for _, texts in pieces]) + [texts for _, texts in slots[bucket]]
        handles, order = as_list(packed), in_key_order(packed).tolist()
        query = "SELECT handle FROM kept_back WHERE bucket = ?"
        if kept_back := {handle for (handle,) in connection.execute(query, (bucket,))}:
            order = [at for at in order if handles[at] not in kept_back]
        yield [handles[at] for at in order], [fields[at] for at in order]
