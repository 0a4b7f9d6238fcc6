"""Cells merged over several rows: the value is read for each row of the merge.

A family's KK number, address or RT/RW is often written once and merged over its members.
Values of one person (a name, a NIK, a date of birth, a record id) are not
repeated: the next row would become the same person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from encoder.source.mapping import Mapping, columns_of
from encoder.source.presets.headers import plain
from encoder.source.presets.layouts import Role, layouts, synonyms
from encoder.source.readers.sheet_facts import Merge

_OF_A_PERSON: tuple[Role, ...] = (
    *("record_id", "nik", "name", "dob", "dob_day", "dob_month", "dob_year", "age", "sex"),
    "status",
)


def of_a_person(header: Sequence[str], mapping: Mapping) -> frozenset[int]:
    """Positions of the columns with values of one person."""
    names = {plain(name) for role in _OF_A_PERSON for name in synonyms().get(role, ())}
    for layout in layouts():
        names |= {plain(name) for role in _OF_A_PERSON for name in layout.roles.get(role, ())}
    own = {
        column
        for name, source in mapping.fields.items()
        if plain(name) in names
        for column in columns_of(source)
    }
    own |= set(columns_of(mapping.record_id))
    return frozenset(at for at, name in enumerate(header) if name in own or plain(name) in names)


def repeated_down(
    rows: Iterator[list[Any]], first: int, merges: Sequence[Merge], alone: frozenset[int]
) -> Iterator[list[Any]]:
    """The rows, from line `first` (from 0) on, with merged values repeated in each row of the
    merge.

    Columns in `alone` are not repeated, nor are values into otherwise blank rows.
    """
    starts: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, _ in merges:
        if top >= first and bottom > top and left not in alone:
            starts.setdefault(top, []).append((left, bottom))
    return _repeated(rows, first, starts) if starts else rows


def _repeated(
    rows: Iterator[list[Any]], first: int, starts: dict[int, list[tuple[int, int]]]
) -> Iterator[list[Any]]:
    running: dict[int, tuple[int, Any]] = {}
    for at, row in enumerate(rows, first):
        if running:
            running = {left: each for left, each in running.items() if each[0] >= at}
            if row.count("") != len(row):
                for left, (_, value) in running.items():
                    row.extend([""] * (left + 1 - len(row)))
                    row[left] = row[left] if row[left] != "" else value
        for left, bottom in starts.get(at, ()):
            if left < len(row) and row[left] != "":
                running[left] = (bottom, row[left])
        yield row
