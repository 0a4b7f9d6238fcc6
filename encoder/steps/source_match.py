"""Finds the frozen rows in the current source by content, not by place.

With record ids     a row is found by its record id and its digest.
Without them        a row is found by its digest. Rows of different people with equal digests
                    are told apart by place, and only if no row has moved.

Digests are those of `encoder.store.identity`: columns that are not linkage fields may change.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from encoder.base.parallel import in_order
from encoder.base.pieces import as_list
from encoder.encoding.terms import used_columns
from encoder.error_codes import EncoderCode
from encoder.source.cell_values import Settler
from encoder.source.mapping import Mapping, load_mapping
from encoder.source.readers import Chunk, read_rows
from encoder.source.readers.open import is_database
from encoder.steps.prepare import require_same_fields
from encoder.store.handles import digests_of, join_fields
from encoder.store.identity import Identity
from encoder.store.prepared import PreparedDataset
from encoder.store.sheets import StoredRow
from policy.base.errors import BadInput, NotYet
from policy.base.words import Words
from policy.charter import Charter, FieldKind

_ROWS_AT_ONCE = 2_500
_ALONE = 20
Seal = Callable[[bytes], bytes]


@dataclass(frozen=True)
class SourceNow:
    """The current source, and how to convert its digests to those of the store."""

    path: Path
    mapping: Mapping
    seal: Seal | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Differences:
    """Rows of the wanted people that differ from the frozen ones, and new rows.

    `changed` have their record id and other content, `missing` are absent, and `unclear` have
    the content of another person's row and have moved.
    """

    changed: int = 0
    missing: int = 0
    unclear: int = 0
    new: int = 0

    def __bool__(self) -> bool:
        return bool(self.changed or self.missing or self.unclear)


@dataclass(frozen=True)
class Matched:
    """The handle of each row found in the source, by row number.

    `changed` are rows with the same record id and other content: perhaps another person.
    """

    rows: dict[int, bytes]
    changed: dict[int, bytes]
    differences: Differences


def source_now(
    prepared: PreparedDataset,
    charter: Charter,
    path: Path | None,
    mapping: Path | None,
    seal: Seal | None,
) -> SourceNow:
    """The source at its old or another path, under its old or another mapping."""
    where = path or Path(prepared.meta("source"))
    if not is_database(where) and not where.exists():
        raise _source_missing(where)
    used = _mapping(prepared, mapping)
    require_same_fields(charter, used)
    return SourceNow(where, used, seal)


def _mapping(prepared: PreparedDataset, mapping: Path | None) -> Mapping:
    kept = prepared.meta("mapping_used")
    if mapping is None and kept:
        return Mapping.model_validate_json(kept)
    path = mapping or Path(prepared.meta("mapping"))
    if not path.exists():
        raise _mapping_missing(path)
    return load_mapping(path)


def match_source(
    prepared: PreparedDataset, charter: Charter, source: SourceNow, wanted: Collection[bytes]
) -> Matched:
    """The rows of the people with `wanted` handles; raises NotYet if rows cannot be compared."""
    comparable = _comparable(prepared, source)
    if not comparable and not prepared.own_ids:
        raise _digests_gone(prepared)
    match = _ById(comparable) if prepared.own_ids else _ByContent()
    objected = prepared.objected_rows()
    for row in prepared.frozen_rows(objected=True):
        is_wanted = row.handle in wanted and row.row_number not in objected
        match.add_frozen(row, is_wanted=is_wanted)
    match.look_again(prepared.frozen_rows(objected=True), objected)
    for read in _read(charter, source, prepared):
        match.add_now(read)
    return match.matched()


def _comparable(prepared: PreparedDataset, source: SourceNow) -> bool:
    """Whether digests can be compared: destroying the rows seals them under the local key."""
    state = prepared.digests.state
    return state == "plain" or (state == "sealed" and source.seal is not None)


@dataclass(frozen=True)
class _Read:
    """Some rows of the current source."""

    row_numbers: list[int]
    record_ids: list[str] = field(repr=False)
    digests: bytes = field(repr=False)


class _Reader:
    """Turns raw chunks into digests, in any process, without rows that `prepare` refuses."""

    def __init__(self, charter: Charter, settler: Settler, names_count: bool) -> None:
        self._identity = Identity.of(charter)
        self._settle = settler
        self._names_count = names_count

    def __call__(self, chunk: Chunk) -> _Read:
        values = self._settle(chunk)
        kept = [at for at in range(len(chunk.row_numbers)) if at not in values.out]
        columns = [[cells[at] for at in kept] for cells in values.columns.values()]
        record_ids = [chunk.record_ids[at] for at in kept]
        digests = digests_of(map(join_fields, zip(*columns, strict=True)))
        if self._names_count:
            raw = {name: [cells[at] for at in kept] for name, cells in chunk.columns.items()}
            digests = self._identity.persons(digests, columns, raw, record_ids).digests
        return _Read([chunk.row_numbers[at] for at in kept], record_ids, digests)


def _read(charter: Charter, source: SourceNow, prepared: PreparedDataset) -> Iterator[_Read]:
    kinds: dict[str, FieldKind] = {f.name: f.kind for f in charter.fields}
    chunks = read_rows(source.path, source.mapping, kinds, _ROWS_AT_ONCE)
    settler = Settler(kinds, source.mapping, used_columns(charter))
    digests = prepared.digests
    arguments = (charter, settler, digests.made_of == "persons")
    for read in in_order(_Reader, arguments, chunks, alone=_ALONE):
        if digests.state == "sealed" and source.seal is not None:
            yield _Read(read.row_numbers, read.record_ids, source.seal(read.digests))
        else:
            yield read


class _ById:
    """Rows by record id and digest."""

    def __init__(self, comparable: bool) -> None:
        self._comparable = comparable
        self._wanted: dict[str, dict[bytes, bytes]] = defaultdict(dict)
        self._found: dict[int, bytes] = {}
        self._seen: set[tuple[str, bytes]] = set()
        self._others: dict[str, list[int]] = defaultdict(list)
        # Eight bytes each, with a meaning only within this process.
        self._before, self._now = array("q"), array("q")

    def add_frozen(self, row: StoredRow, *, is_wanted: bool) -> None:
        self._before.append(hash(row.record_id))
        if is_wanted:
            self._wanted[row.record_id][row.digest if self._comparable else b""] = row.handle

    def look_again(self, rows: Iterator[StoredRow], objected: Collection[int]) -> None:
        """No second look is needed: record ids are enough."""

    def add_now(self, read: _Read) -> None:
        self._now.extend(map(hash, read.record_ids))
        digests = as_list(read.digests)
        rows = zip(read.row_numbers, read.record_ids, digests, strict=True)
        for number, record_id, digest in rows:
            if record_id not in self._wanted:
                continue
            known = digest if self._comparable else b""
            handle = self._wanted[record_id].get(known)
            if handle is None:
                self._others[record_id].append(number)
            else:
                self._found[number] = handle
                self._seen.add((record_id, known))

    def matched(self) -> Matched:
        changed: dict[int, bytes] = {}
        missing = 0
        for record_id, handles in self._wanted.items():
            lost = [h for digest, h in handles.items() if (record_id, digest) not in self._seen]
            others = self._others.get(record_id, [])
            if len(lost) == len(others) == 1:
                changed[others[0]] = lost[0]
            else:
                missing += len(lost)
        before, now = _as_numbers(self._before), _as_numbers(self._now)
        new = int((~np.isin(now, before)).sum())
        return Matched(self._found, changed, Differences(len(changed), missing, 0, new))


class _ByContent:
    """Rows by digest."""

    def __init__(self) -> None:
        self._wanted: dict[bytes, dict[int, bytes]] = defaultdict(dict)
        self._frozen: dict[bytes, int] = defaultdict(int)
        self._shared: set[bytes] = set()
        self._now: dict[bytes, set[int]] = defaultdict(set)
        self._before_at, self._now_at = _Places(), _Places()

    def add_frozen(self, row: StoredRow, *, is_wanted: bool) -> None:
        self._before_at.add([row.row_number], row.digest)
        if is_wanted:
            self._wanted[row.digest][row.row_number] = row.handle

    def look_again(self, rows: Iterator[StoredRow], objected: Collection[int]) -> None:
        """Note the digests of several people, or of a row that objected."""
        for row in rows:
            if row.digest in self._wanted:
                self._frozen[row.digest] += 1
                handles = self._wanted[row.digest].values()
                if row.row_number in objected or any(row.handle != each for each in handles):
                    self._shared.add(row.digest)

    def add_now(self, read: _Read) -> None:
        self._now_at.add(read.row_numbers, read.digests)
        for number, digest in zip(read.row_numbers, as_list(read.digests), strict=True):
            if digest in self._wanted:
                self._now[digest].add(number)

    def matched(self) -> Matched:
        found: dict[int, bytes] = {}
        missing = unclear = 0
        moved = self._before_at.moved(self._now_at)
        for digest, rows in self._wanted.items():
            now, before = self._now[digest], self._frozen[digest]
            if not moved:
                same = {number: handle for number, handle in rows.items() if number in now}
                found |= same
                missing += len(rows) - len(same)
            elif digest in self._shared or len(now) > before:
                unclear += len(rows)
            else:
                found |= dict.fromkeys(now, next(iter(rows.values())))
                missing += before - len(now)
        new = self._now_at.not_in(self._before_at)
        return Matched(found, {}, Differences(0, missing, unclear, new))


class _Places:
    """The digest at each row number, in ascending order; half a digest is enough here."""

    def __init__(self) -> None:
        self._numbers, self._digests = array("q"), bytearray()

    def add(self, numbers: list[int], digests: bytes) -> None:
        self._numbers.extend(numbers)
        self._digests += digests

    def not_in(self, other: _Places) -> int:
        """The number of rows whose digest `other` does not have."""
        return int((~np.isin(self._halves(), other._halves())).sum())

    def moved(self, now: _Places) -> bool:
        """Whether some row now has another row's place; an edited row has not moved."""
        numbers, theirs = _as_numbers(self._numbers), _as_numbers(now._numbers)
        _, mine, others = np.intersect1d(numbers, theirs, assume_unique=True, return_indices=True)
        here, there = self._halves()[mine], now._halves()[others]
        return bool(np.isin(there[here != there], self._halves()).any())

    def _halves(self) -> NDArray[np.int64]:
        return np.frombuffer(bytes(self._digests), np.int64)[::2]


def _as_numbers(numbers: array[int]) -> NDArray[np.int64]:
    return np.frombuffer(numbers.tobytes(), np.int64)


def _source_missing(path: Path) -> BadInput:
    return BadInput(
        EncoderCode.FILE_MOVED,
        Words(f"Sumber {path} tidak ada lagi.", f"The source {path} is no longer there."),
        Words(
            "Bila sudah dipindah, sebut tempatnya: 'padan-encoder list ... --source BERKAS'.",
            "If it was moved, name its place: 'padan-encoder list ... --source FILE'.",
        ),
    )


def _mapping_missing(path: Path) -> BadInput:
    return BadInput(
        EncoderCode.FILE_MOVED,
        Words(f"Pemetaan {path} tidak ada lagi.", f"The mapping {path} is no longer there."),
        Words(
            "Bila sudah dipindah, sebut tempatnya: 'padan-encoder list ... --mapping BERKAS'.",
            "If it was moved, name its place: 'padan-encoder list ... --mapping FILE'.",
        ),
    )


def _digests_gone(prepared: PreparedDataset) -> NotYet:
    return NotYet(
        EncoderCode.LIST_ROWS_DESTROYED,
        Words(
            f"{prepared.path.stem}: isi baris yang dibekukan sudah dimusnahkan, dan barisnya tidak"
            " punya id. Baris mana milik siapa tidak dapat diketahui lagi.",
            f"{prepared.path.stem}: the content of the frozen rows is destroyed, and the rows have"
            " no record ids. Which row is whose cannot be known any more.",
        ),
        Words(
            "Pakai daftar yang sudah ditulis sebelum pemusnahan.",
            "Use a list that was written before.",
        ),
    )
