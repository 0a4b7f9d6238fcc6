"""Synthetic sources, read, mapped and normalised by the encoder's own code."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from encoder.normalise import normalise_column
from encoder.source.mapping import load_mapping
from encoder.source.readers import read_rows
from encoder.synthetic import SOURCES, write_sources
from policy.charter import FieldKind
from tests.benchmarks.quality.couples import read_couples

FIELDS: dict[str, FieldKind] = {
    "nama": "name",
    "lahir": "date",
    "jk": "sex",
    "kelurahan": "place",
    "nik": "nik",
    "kk": "kk",
    "rtrw": "rtrw",
    "ibu": "name",
}
TUTORIAL = Path(__file__).parents[3] / "docs" / "tutorials" / "jakarta"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Source:
    """One source: normalised columns, names as written, and who each row is.

    `hard` marks rows of people who are hard to tell apart on purpose.
    """

    name: str
    columns: dict[str, list[str]] = field(repr=False)
    written_names: list[str] = field(repr=False)
    person: NDArray[np.int64] = field(repr=False)
    hard: NDArray[np.bool_] | None = field(default=None, repr=False)
    record_ids: list[str] = field(default_factory=list, repr=False)

    def ordinary(self) -> NDArray[np.bool_]:
        """bool (rows,): all but those of hard people."""
        return np.ones(self.rows, bool) if self.hard is None else ~self.hard

    @property
    def rows(self) -> int:
        return len(self.written_names)

    def has(self, column: str) -> NDArray[np.bool_]:
        return np.array([bool(value) for value in self.columns[column]], bool)


def read_source(folder: Path, name: str) -> Source:
    """`folder` is what `padan-encoder synth` wrote."""
    truth = _truth(folder / "truth.csv", name)
    columns: dict[str, list[str]] = {}
    written: list[str] = []
    people: list[int] = []
    records: list[str] = []
    for chunk in read_rows(folder / f"{name}.csv", load_mapping(mapping_of(name)), FIELDS, 50_000):
        for each, kind in FIELDS.items():
            normal = normalise_column(each, kind, chunk.columns[each])
            for identifier, values in normal.columns.items():
                columns.setdefault(identifier, []).extend(values)
        written += chunk.columns["nama"]
        records += chunk.record_ids
        people += [truth[record_id] for record_id in chunk.record_ids]
    person = np.array(people, np.int64)
    couples = read_couples(folder)
    hard = np.isin(person, np.concatenate([couples.one, couples.other]))
    return Source(name, columns, written, person, hard, records)


def mapping_of(name: str) -> Path:
    """The mapping of a synthetic source."""
    own = HERE / f"mapping-{name}.yaml"
    return own if own.exists() else TUTORIAL / f"mapping-{name}.yaml"


def _truth(path: Path, source: str) -> dict[str, int]:
    with path.open(newline="", encoding="utf-8") as file:
        return {
            row["record_id"]: int(row["person"])
            for row in csv.DictReader(file)
            if row["source"] == source
        }


def write(
    folder: Path,
    persons: int,
    seed: int,
    names: tuple[str, ...],
    shares: dict[str, float],
    hard: int = 0,
) -> tuple[str, ...]:
    """Write sources of a synthetic population with hard couples; returns their names."""
    return write_sources(folder, persons, seed, names or tuple(SOURCES), shares=shares, hard=hard)
