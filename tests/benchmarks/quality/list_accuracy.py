"""Is the written list right? Its own cells against the truth, by source and received column.

A list says of each own row whether a source has that person, and what the source sent. So a
"ya" is right if the person is in that source, and a received cell if it is what the source has
for that person.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

YES = "ya"
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Truth:
    """Who each row is: the person by source and record id, and the record ids by person."""

    person_of: Mapping[str, Mapping[str, str]]
    rows_of: Mapping[str, Mapping[str, tuple[str, ...]]]

    @classmethod
    def read(cls, path: Path) -> Truth:
        person_of: dict[str, dict[str, str]] = defaultdict(dict)
        rows_of: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        for row in rows_in(path):
            source, record, person = row["source"], row["record_id"], row["person"]
            person_of[source][record] = person
            rows_of[source][person] = (*rows_of[source].get(person, ()), record)
        return cls(person_of, rows_of)


@dataclass(frozen=True)
class Accuracy:
    """Of `said` cells (a "ya", or a received value) `right` are true; `true` should be there."""

    said: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0


def confirmed(
    rows: Iterable[Cells], truth: Truth, own: str, record_id: str, source: str, column: str
) -> Accuracy:
    """How right the "ya" of one source are, row by row of the list."""
    said = right = true = 0
    for row in rows:
        is_there = truth.person_of[own][row[record_id]] in truth.rows_of[source]
        says = row.get(column) == YES
        said, right, true = said + says, right + (says and is_there), true + is_there
    return Accuracy(said, right, true)


def received(
    rows: Iterable[Cells],
    truth: Truth,
    own: str,
    record_id: str,
    source: str,
    column: str,
    value_of: Mapping[str, str],
) -> Accuracy:
    """How right the received cells are; `value_of` is the source's value by its record id."""
    said = right = true = 0
    for row in rows:
        records = truth.rows_of[source].get(truth.person_of[own][row[record_id]], ())
        values = {value_of[record] for record in records} - {""}
        cell = row.get(column, "")
        said, right, true = said + bool(cell), right + (cell in values), true + bool(values)
    return Accuracy(said, right, true)


def rows_in(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        yield from csv.DictReader(file, delimiter=delimiter)
