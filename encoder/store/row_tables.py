"""The SQL tables of prepared rows, and what is asked of them a bucket of handles at a time."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from encoder.base.pieces import BUCKETS, KEY_BYTES, as_list, bucket_of, in_key_order, split_rows
from encoder.store.generations import Before
from encoder.store.repeats import Repeat
from encoder.store.sheets import SHEET_TABLES
from policy.log import Frontier, leaf_hash

_REPEATS_AT_ONCE = 10_000
# `objected` rows were suppressed, or withdrawn after upload: `whole` if all rows of the person
# were. `left_out` are people of the previous generation.
# `kept_back` are handles in pieces that are not sent: of repeated rows, and of people who stay.
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
PRAGMA user_version = 4;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE canaries (slot INTEGER PRIMARY KEY, nonce BLOB NOT NULL, handle BLOB NOT NULL);
CREATE TABLE pieces (bucket INTEGER NOT NULL, handles BLOB NOT NULL, fields TEXT NOT NULL);
CREATE TABLE kept_back (bucket INTEGER NOT NULL, handle BLOB NOT NULL);
CREATE TABLE noted (row_number INTEGER NOT NULL, rule TEXT NOT NULL);
CREATE TABLE objected (record_id TEXT NOT NULL, digest BLOB NOT NULL, whole INTEGER NOT NULL);
CREATE TABLE left_out (handle BLOB NOT NULL, record_id TEXT NOT NULL);
"""
_INDEXES = """
CREATE INDEX pieces_by_bucket ON pieces (bucket);
CREATE INDEX kept_back_by_bucket ON kept_back (bucket);
"""
COPY_WITHOUT_FIELDS = """
INSERT INTO main.meta SELECT * FROM old.meta;
INSERT INTO main.canaries SELECT slot, x'', handle FROM old.canaries;
INSERT INTO main.noted SELECT * FROM old.noted;
INSERT INTO main.left_out SELECT * FROM old.left_out;
"""
PIECES = "SELECT handles, fields FROM pieces WHERE bucket = ? ORDER BY rowid"
_HANDLES = "SELECT handles FROM pieces WHERE bucket = ? ORDER BY rowid"


def create_store(path: Path) -> sqlite3.Connection:
    """A new store with empty tables."""
    connection = sqlite3.connect(path.absolute().as_uri(), uri=True)
    connection.create_function("bucket_of", 1, bucket_of, deterministic=True)
    connection.executescript(_TABLES + SHEET_TABLES)
    return connection


def refused_numbers(connection: sqlite3.Connection) -> list[int]:
    """The row numbers of refused rows."""
    return [row for (row,) in connection.execute("SELECT row_number FROM refused")]


def count_people(connection: sqlite3.Connection) -> int:
    """The number of handles in pieces to be sent."""
    (sent,) = connection.execute("SELECT SUM(LENGTH(handles)) FROM pieces").fetchone()
    (kept_back,) = connection.execute("SELECT COUNT(*) FROM kept_back").fetchone()
    return int(sent or 0) // KEY_BYTES - int(kept_back)


def collapse_repeats(connection: sqlite3.Connection, repeats: Iterator[Repeat]) -> None:
    """Write which rows repeat another, and that their handles are not sent."""
    while some := list(islice(repeats, _REPEATS_AT_ONCE)):
        connection.executemany(
            "INSERT INTO repeats VALUES (?, ?, ?)",
            ((each.row_number, each.same_as, each.first_handle) for each in some),
        )
        connection.executemany(
            "INSERT INTO kept_back VALUES (?, ?)",
            ((bucket_of(each.handle), each.handle) for each in some),
        )


def describe_rows(connection: sqlite3.Connection, before: Before | None) -> dict[str, str]:
    """Handle root and counts, after people who stay got their earlier handles."""
    carried = before.carry_over(connection) if before else None
    connection.executescript(_INDEXES)
    handles = before.handles(connection) if before else _handles(connection)
    root = Frontier.empty().extend(map(leaf_hash, handles))
    (canaries,) = connection.execute("SELECT COUNT(*) FROM canaries").fetchone()
    fresh, changed = carried or (root.size - canaries, 0)
    return {
        "generation": str(before.generation + 1 if before else 0),
        "handle_root": root.root().hex(),
        "count": str(root.size),
        "fresh": str(fresh),
        "changed": str(changed),
    }


def _handles(connection: sqlite3.Connection) -> Iterator[bytes]:
    """The handles of all people and canaries of a first generation, ascending."""
    canaries = _canaries(connection)
    for bucket in range(BUCKETS):
        packed = b"".join(keys for (keys,) in connection.execute(_HANDLES, (bucket,)))
        packed += b"".join(handle for handle, _ in canaries[bucket])
        handles, order = as_list(packed), in_key_order(packed).tolist()
        kept_back = _kept_back(connection, bucket)
        yield from (handle for at in order if (handle := handles[at]) not in kept_back)


def pieces_to_send(
    connection: sqlite3.Connection, generation: int, canaries: Sequence[str]
) -> Iterator[tuple[list[bytes], list[str]]]:
    """Handles and joined fields of the rows that this generation adds, in handle order."""
    slots = defaultdict(list) if generation else _canaries(connection)
    for bucket in range(BUCKETS):
        pieces = connection.execute(PIECES, (bucket,)).fetchall()
        packed = b"".join([*(keys for keys, _ in pieces), *(key for key, _ in slots[bucket])])
        fields = split_rows([texts for _, texts in pieces])
        fields += [canaries[slot] for _, slot in slots[bucket]]
        handles, order = as_list(packed), in_key_order(packed).tolist()
        if kept_back := _kept_back(connection, bucket):
            order = [at for at in order if handles[at] not in kept_back]
        yield [handles[at] for at in order], [fields[at] for at in order]


def _canaries(connection: sqlite3.Connection) -> dict[int, list[tuple[bytes, int]]]:
    """Handle and slot, by bucket."""
    found: dict[int, list[tuple[bytes, int]]] = defaultdict(list)
    for handle, slot in connection.execute("SELECT handle, slot FROM canaries ORDER BY slot"):
        found[bucket_of(handle)].append((handle, slot))
    return found


def _kept_back(connection: sqlite3.Connection, bucket: int) -> set[bytes]:
    query = "SELECT handle FROM kept_back WHERE bucket = ?"
    return {handle for (handle,) in connection.execute(query, (bucket,))}
