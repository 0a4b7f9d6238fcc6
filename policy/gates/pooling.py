"""Counts by area that may be published: areas with small counts become one remainder.

1. An area's counts divide its people in several ways: by each source, into confirmed and not.
2. An area is small if one of its counts is small: below k (`is_small`).
3. Small areas are not shown. Their sum is the remainder, which anybody can compute from the total
   and the areas shown. If a count of the remainder is small, the smallest area shown joins it.
4. If the remainder stays small when every area is in it, nothing is shown.

So everything that the shown areas, the remainder and the total tell together is a sum of parts, and
each part has k people or more on both sides of every source. The counts of an area in the
remainder cannot be computed: at least two areas are in it.

In a row of counts of which each contains the next one (pairs at ever higher thresholds), a count is
left out if the difference to the last one shown is small (`falling`).

Sources are not combined by area. Counts of "confirmed by A or by B" next to those of A and of B
would tell how many are confirmed by both, which may be few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy.charter.release import ReleaseTerms

# Counts of one area: for each source, people confirmed and people not confirmed.
Counts = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Pooled:
    """The areas that may be shown, and the names of those that only the remainder counts."""

    shown: Mapping[str, Counts]
    pooled: tuple[str, ...]
    remainder: Counts | None


@dataclass(frozen=True)
class CellFloor:
    """The charter's smallest cell, and whether an empty one may be shown."""

    minimum: int
    empty_allowed: bool

    @classmethod
    def of(cls, terms: ReleaseTerms) -> CellFloor:
        return cls(terms.minimum_cell, terms.empty_cell_allowed)

    def is_small(self, count: int, unknown: int = 0) -> bool:
        """Whether the count may not be shown. `unknown` of it may be no people (canaries); without
        them it has to be large enough."""
        if count == 0:
            return not self.empty_allowed
        return count - unknown < self.minimum

    def any_small(self, counts: Counts) -> bool:
        return any(self.is_small(count) for pair in counts for count in pair)


def pool(areas: Mapping[str, Counts], floor: CellFloor) -> Pooled | None:
    """The areas as they may be shown; None if not even all of them together may be."""
    hidden = [name for name, counts in areas.items() if floor.any_small(counts)]
    by_size = sorted(areas, key=lambda name: (_people(areas[name]), name), reverse=True)
    waiting = [name for name in by_size if name not in set(hidden)]
    while hidden and floor.any_small(add([areas[name] for name in hidden])):
        if not waiting:
            return None
        hidden.append(waiting.pop())
    names = set(hidden)
    return Pooled(
        {name: counts for name, counts in areas.items() if name not in names},
        tuple(sorted(names)),
        add([areas[name] for name in hidden]) if hidden else None,
    )


def falling(counts: Sequence[int], floor: CellFloor) -> tuple[bool, ...]:
    """Which counts of a falling row may be shown."""
    shown, last = [], None
    for count in counts:
        small = floor.is_small(count) or (last is not None and floor.is_small(last - count))
        shown.append(not small)
        if not small:
            last = count
    return tuple(shown)


def add(counts: Sequence[Counts]) -> Counts:
    """The sum of the counts of several areas."""
    return tuple(
        (sum(yes for yes, _ in pairs), sum(no for _, no in pairs))
        for pairs in zip(*counts, strict=True)
    )


def _people(counts: Counts) -> int:
    return sum(counts[0]) if counts else 0
