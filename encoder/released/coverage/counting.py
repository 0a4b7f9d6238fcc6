"""Counts people by area and by what each source says of them. Exact, and never written.

A person with several rows is counted once, in the area of the first row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from encoder.released.coverage.areas import area_of
from encoder.released.lists.areas import Area
from encoder.released.lists.joined import JoinedRow, SourceColumn, Verdict
from policy.base.apart import apart
from policy.gates.pooling import Counts

Verdicts = tuple[Verdict, ...]


@dataclass(frozen=True)
class ExactCounts:
    """People by area and by the verdicts of `sources`; the counts of each state."""

    sources: tuple[SourceColumn, ...]
    people: Mapping[tuple[Area, Verdicts], int]
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.people.values())

    def by_verdict(self, source: int) -> Counter[Verdict]:
        """People of the whole list by what one source says."""
        found: Counter[Verdict] = Counter()
        for (_, verdicts), people in self.people.items():
            found[verdicts[source]] += people
        return found

    def combinations(self, sources: Sequence[int]) -> dict[tuple[bool, ...], int]:
        """People by which of these sources confirmed them; all combinations, also empty ones."""
        found = dict.fromkeys(product((True, False), repeat=len(sources)), 0)
        for (_, verdicts), people in self.people.items():
            key = tuple(verdicts[each] is Verdict.CONFIRMED for each in sources)
            found[key] += people
        return found

    def by_area(self, sources: Sequence[int]) -> dict[Area, Counts]:
        """For each area: people confirmed and not confirmed by each of these sources."""
        found: dict[Area, list[list[int]]] = {}
        for (area, verdicts), people in self.people.items():
            splits = found.setdefault(area, [[0, 0] for _ in sources])
            for split, source in zip(splits, sources, strict=True):
                split[verdicts[source] is not Verdict.CONFIRMED] += people
        return {
            area: tuple((yes, no) for yes, no in found[area])
            for area in sorted(found, key=lambda each: (each.kecamatan, each.kelurahan))
        }


def count(rows: Iterable[JoinedRow], sources: Sequence[SourceColumn]) -> ExactCounts:
    """Counts of the rows of a joined table, whose verdicts have the order of `sources`."""
    seen: set[bytes] = set()
    people: Counter[tuple[Area, Verdicts]] = Counter()
    states: Counter[str] = Counter()
    kept = apart([each.sources for each in sources])
    for row in rows:
        if row.handle in seen:
            continue
        seen.add(row.handle)
        people[area_of(row.place), tuple(row.verdicts[each] for each in kept)] += 1
        states[row.state] += 1
    return ExactCounts(tuple(sources[each] for each in kept), people, states)
