"""Rows that a list of objections leaves out when a file is prepared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from encoder.steps.id_lists import SharedPerson
from encoder.store.identity import Ground
from encoder.store.prepared import PreparedDataset

_Shared = TypeAdapter(tuple[SharedPerson, ...])


@dataclass(frozen=True)
class SuppressedRow:
    """A row, with its name in the list and its identity (`encoder.store.identity`)."""

    row_number: int
    name: str = field(repr=False)
    record_id: str = field(repr=False)
    digest: bytes = field(repr=False)
    merging: bytes = field(repr=False)
    ground: int


def of_several_people(rows: Iterable[SuppressedRow]) -> dict[str, list[int]]:
    """The rows of each name that several people share."""
    numbers: dict[str, list[int]] = defaultdict(list)
    people: dict[str, set[bytes]] = defaultdict(set)
    for row in rows:
        numbers[row.name].append(row.row_number)
        people[row.name].add(row.merging)
    return {name: numbers[name] for name, digests in people.items() if len(digests) > 1}


def shared_people(
    store: PreparedDataset, suppressed: Sequence[SuppressedRow]
) -> tuple[SharedPerson, ...]:
    """The people whose other rows are in the store."""
    gone: dict[bytes, list[int]] = defaultdict(list)
    for row in suppressed:
        if row.ground != Ground.TOO_LITTLE:
            gone[row.digest].append(row.row_number)
    stay: dict[bytes, list[int]] = defaultdict(list)
    if gone:
        for kept in store.frozen_rows():
            if kept.digest in gone:
                stay[kept.digest].append(kept.row_number)
    return tuple(SharedPerson(tuple(gone[each]), tuple(rows)) for each, rows in stay.items())


def shared_json(people: Sequence[SharedPerson]) -> str:
    return _Shared.dump_json(tuple(people)).decode() if people else ""


def shared_of(store: PreparedDataset) -> tuple[SharedPerson, ...]:
    """The result of `shared_people` when the store was prepared."""
    kept = store.meta("shared")
    return _Shared.validate_json(kept) if kept else ()
