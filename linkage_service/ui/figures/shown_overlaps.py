"""Which counts of people by lists are shown, in all ID domains of a run together.

Each combination of lists is a count. The matched rows of a list are a sum of them, and so is a
combination of a domain with fewer lists: one table tells something of the other. So everything is
shown in one order, each number only if no small combination follows from it and from all that was
shown before:

    1. the matched rows of each list, first of the domains that were released: they are known
    2. the combinations, the largest first
    3. combinations that are left and large, as a range; the narrowest that tells nothing small

A small combination follows unless the reader has to think every count possible from 0 to k people
and the canaries (`known_sums`). Domains that share lists, and of which none has all of the lists,
are shown whole or not at all; so are domains of more than six lists. If they are not shown, matched
rows are shown of the largest one alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from linkage_service.ui.figures.known_sums import Integers, KnownSums
from policy.gates.pooling import CellFloor

Lists = frozenset[str]
_MOST_LISTS = 6
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class CountRange:
    """A count shown as a range: from `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True)
class DomainCounts:
    """The people of a domain by the lists that they are in, and the lists that may be totalled.

    `planted` are the matched canaries of each list: of a combination's people, as many as the list
    with the fewest has may be canaries. `is_released`: its matched rows are known already.
    """

    domain: str
    lists: tuple[str, ...]
    people: Mapping[Lists, int]
    planted: Mapping[str, int]
    totals: frozenset[str]
    is_released: bool = False

    @property
    def every(self) -> list[Lists]:
        """Every combination of two and more lists."""
        sizes = range(2, len(self.lists) + 1)
        return [frozenset(each) for size in sizes for each in combinations(self.lists, size)]

    def count(self, lists: Lists) -> int:
        return self.people.get(lists, 0)

    def unknown(self, lists: Lists) -> int:
        """How many people of this combination may be canaries."""
        return min(self.planted.get(each, 0) for each in lists)

    def total(self, name: str) -> int:
        """The matched people of one list."""
        return sum(people for lists, people in self.people.items() if name in lists)


@dataclass(frozen=True)
class ShownOverlaps:
    """What is shown of a domain: its combinations (None: hidden), and lists with their totals."""

    people: Mapping[Lists, int | CountRange | None]
    totals: frozenset[str]


def shown_overlaps(
    domains: Sequence[DomainCounts], floor: CellFloor
) -> Mapping[str, ShownOverlaps]:
    """What is shown of each domain, by its id."""
    found: dict[str, ShownOverlaps] = {}
    for family in _families(domains):
        top = max(family, key=lambda each: len(each.lists))
        has_all = all(set(each.lists) <= set(top.lists) for each in family)
        if has_all and len(top.lists) <= _MOST_LISTS:
            found |= _Plan(top, family, floor).shown()
        else:
            found |= _whole_or_nothing(family, floor)
    return found


def _families(domains: Sequence[DomainCounts]) -> list[list[DomainCounts]]:
    """Domains that share two lists tell something of each other."""
    families: list[list[DomainCounts]] = []
    for each in domains:
        near = [
            family
            for family in families
            if any(len(set(each.lists) & set(other.lists)) > 1 for other in family)
        ]
        families = [family for family in families if family not in near]
        families.append([each, *(other for family in near for other in family)])
    return families


def _whole_or_nothing(
    family: Sequence[DomainCounts], floor: CellFloor
) -> Iterator[tuple[str, ShownOverlaps]]:
    top = max(family, key=lambda each: len(each.lists))
    hides = any(
        floor.is_small(each.count(lists), each.unknown(lists))
        for each in family
        for lists in each.every
    )
    for each in family:
        people = {lists: None if hides else each.count(lists) for lists in each.every}
        # Two totals of one list differ by people of some combinations.
        keeps = not hides or each is top
        yield each.domain, ShownOverlaps(people, each.totals if keeps else frozenset())


@dataclass
class _Plan:
    """One family; `top` has all of its lists, and its combinations are the counts of all sums."""

    top: DomainCounts
    family: Sequence[DomainCounts]
    floor: CellFloor
    known: KnownSums = field(init=False)
    small: list[tuple[Integers, int]] = field(init=False)

    def __post_init__(self) -> None:
        counts = np.array([self.top.count(each) for each in self.top.every], np.int64)
        self.known = KnownSums.none_of(counts)
        self.small = [
            (self._combined(each, lists), self.floor.minimum + each.unknown(lists))
            for each in self.family
            for lists in each.every
            if self.floor.is_small(each.count(lists), each.unknown(lists))
        ]

    def shown(self) -> dict[str, ShownOverlaps]:
        ordered = sorted(self.family, key=lambda each: (not each.is_released, -len(each.lists)))
        totals = {each.domain: self._totals(each) for each in ordered}
        people = {each.domain: self._people(each) for each in ordered}
        people[self.top.domain] |= self._ranges(people[self.top.domain])
        return {
            each.domain: ShownOverlaps(people[each.domain], totals[each.domain])
            for each in self.family
        }

    def _totals(self, domain: DomainCounts) -> frozenset[str]:
        return frozenset(
            name
            for name in domain.lists
            if name in domain.totals and self._shows(self._total(domain, name))
        )

    def _people(self, domain: DomainCounts) -> dict[Lists, int | CountRange | None]:
        found: dict[Lists, int | CountRange | None] = dict.fromkeys(domain.every)
        for lists in sorted(domain.every, key=domain.count, reverse=True):
            count = domain.count(lists)
            large = not self.floor.is_small(count, domain.unknown(lists))
            if large and self._shows(self._combined(domain, lists)):
                found[lists] = count
        return found

    def _ranges(self, people: Mapping[Lists, int | CountRange | None]) -> dict[Lists, CountRange]:
        """Ranges of the same width for the large combinations that are left."""
        top = self.top
        left = [
            (place, lists)
            for place, lists in enumerate(top.every)
            if people[lists] is None
            and not self.floor.is_small(top.count(lists), top.unknown(lists))
        ]
        most = max((top.count(lists) for _, lists in left), default=0)
        for width, shift in _grids(2 * self.floor.minimum, most):
            known, found = self.known, dict[Lists, CountRange]()
            for place, lists in left:
                low = (top.count(lists) + shift) // width * width - shift
                if low > 0:
                    known = known.with_range(place, low, low + width - 1)
                    found[lists] = CountRange(low, low + width - 1)
            if self._tells_nothing(known):
                return found
        return {}

    def _shows(self, parts: Integers) -> bool:
        """Show this sum, if then nothing small follows, as far as can be computed."""
        try:
            known = self.known.with_sum(parts)
        except OverflowError:
            return False
        if self._tells_nothing(known):
            self.known = known
            return True
        return False

    def _tells_nothing(self, known: KnownSums) -> bool:
        reaches = ((known.reach(parts), most) for parts, most in self.small)
        return all(low <= 0 and high >= most for (low, high), most in reaches)

    def _combined(self, domain: DomainCounts, lists: Lists) -> Integers:
        """The combination of that domain as a sum of the counts of `top`."""
        inside = frozenset(domain.lists)
        return np.array([each & inside == lists for each in self.top.every], np.int64)

    def _total(self, domain: DomainCounts, name: str) -> Integers:
        inside = frozenset(domain.lists)
        matched = (each & inside for each in self.top.every)
        return np.array([name in each and len(each) > 1 for each in matched], np.int64)


def _grids(least: int, most: int) -> Iterator[tuple[int, int]]:
    """Widths of ranges (1, 2 and 5 times a power of ten), each with two places to begin."""
    power = 1
    while power <= most:
        for width in (step * power for step in _STEPS):
            if least <= width <= most:
                yield from ((width, 0), (width, width // 2))
        power *= 10
