"""Persons that a recipient finds in several of its own lists, and the cells they form.

The owner of two lists can join them by itself: by NIK, or by name and date of birth. What it
learns about the two rows of a person, it then knows about one person. The service finds these
persons by its own evidence: rows with equal NIK tokens, and pairs that the run matched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching import HandleKeys
from linkage_service.release.cells import ReceivedCells, planted_by_pattern
from linkage_service.release.domains import Solved, without
from linkage_service.release.views import (
    ABSENT,
    Handles,
    Rows,
    at_handles,
    codes_of,
    full_code,
    label,
)
from linkage_service.runs.own_lists import Joined
from policy.charter import CanariesAlike, Charter
from policy.gates.facts import CellFacts

_NOT_LISTED = -2  # the person is not on this list


def without_rows(
    joined: Joined,
    handles: Mapping[str, Handles],
    gone: Mapping[str, HandleKeys],
    names: Sequence[str],
) -> Joined:
    """The lists without removed rows, renumbered as `solved.without` renumbers them."""
    verify = np.zeros(joined.groups.count, np.bool_)
    whole = Solved("", "", joined.groups, verify, handles)
    return replace(joined, groups=without(whole, gone, names).groups)


def cells_of_persons(
    received: ReceivedCells, joined: Joined, handles: Mapping[str, Handles]
) -> tuple[CellFacts, ...]:
    """Counts of what was revealed about persons over several lists; empty for fewer than two lists.

    `handles` are those of every dataset, numbered as the joined rows are.
    """
    columns = [
        _Columns.of(received, joined.recipient, name, handles[name]) for name in joined.lists
    ]
    told = [each for each in columns if each.tells]
    now = {name for view in received.now for name in view.handles}
    if len(told) < 2 or not now & {each.dataset for each in told}:
        return ()
    return tuple(_cells(received, joined, told))


@dataclass(frozen=True)
class _Columns:
    """What was revealed about each row of one list, one column a view; uninformative views
    omitted."""

    dataset: str
    names: tuple[str, ...]
    domains: tuple[str, ...]
    bits: tuple[tuple[str, ...], ...]
    codes: Rows

    @classmethod
    def of(
        cls, received: ReceivedCells, recipient: frozenset[str], dataset: str, here: Handles
    ) -> _Columns:
        seen = [
            (name, view, bits)
            for name, view in received.seen_of(dataset)
            if (bits := received.bits(recipient, dataset, view))
        ]
        codes = np.full((len(here), len(seen)), ABSENT, np.int64)
        for place, (_, view, bits) in enumerate(seen):
            codes[:, place] = at_handles(here, view.handles[dataset], codes_of(view, dataset, bits))
        names, of_views = tuple(each[0] for each in seen), tuple(each[2] for each in seen)
        return cls(dataset, names, tuple(view.domain for _, view, _ in seen), of_views, codes)

    @property
    def tells(self) -> bool:
        return bool(self.names)

    @property
    def full(self) -> list[int]:
        return [full_code(bits) for bits in self.bits]

    def labels(self, pattern: Sequence[int]) -> list[str]:
        if pattern[0] == _NOT_LISTED:
            return [f"{self.dataset}:-"]
        told = zip(self.names, self.bits, pattern, strict=True)
        return [f"{self.dataset}:{label(name, bits, code)}" for name, bits, code in told]


def _cells(
    received: ReceivedCells, joined: Joined, told: Sequence[_Columns]
) -> Iterator[CellFacts]:
    patterns, counts = _patterns(received.charter, joined, told)
    canaries = _Canaries(received, told)
    widths = np.cumsum([len(each.names) for each in told])[:-1]
    for pattern, count in zip(patterns, counts.tolist(), strict=True):
        parts = [part.tolist() for part in np.split(pattern, widths)]
        rows = canaries.taken_out(count, parts)
        if rows > 0:
            yield CellFacts(
                recipient=tuple(sorted(joined.recipient)),
                dataset=told[0].dataset,
                lists=tuple(each.dataset for each in told),
                pattern=tuple(
                    text
                    for each, part in zip(told, parts, strict=True)
                    for text in each.labels(part)
                ),
                rows=rows,
            )


def _patterns(
    charter: Charter, joined: Joined, told: Sequence[_Columns]
) -> tuple[Rows, NDArray[np.intp]]:
    """The distinct patterns (one column for each view of each list), and the persons with each."""
    persons, place = _number(charter, joined, told), 0
    count = 1 + max((int(each.max(initial=-1)) for each in persons), default=-1)
    table = np.full((count, sum(len(each.names) for each in told)), _NOT_LISTED, np.int64)
    for each, mine in zip(told, persons, strict=True):
        for column in range(len(each.names)):
            # Rows of one person in one list carry one ID; otherwise the most revealing row counts.
            np.maximum.at(table[:, place], mine, each.codes[:, column])
            place += 1
    patterns, counts = np.unique(table, axis=0, return_counts=True)
    return patterns, counts


def _number(charter: Charter, joined: Joined, told: Sequence[_Columns]) -> list[Rows]:
    """The person number of each row of each list, from 0; an unjoined row is a person by itself."""
    taken, persons = joined.groups.count, []
    for each in told:
        number = charter.dataset_ids.index(each.dataset)
        mine = joined.groups.by_row(number, len(each.codes))
        alone = mine < 0
        mine[alone] = taken + np.arange(np.count_nonzero(alone))
        taken += int(np.count_nonzero(alone))
        persons.append(mine)
    # Groups in lists about which nothing was revealed leave numbers without a person.
    known, numbered = np.unique(np.concatenate(persons), return_inverse=True)
    assert len(known) <= taken
    return list(np.split(numbered, np.cumsum([len(each) for each in persons])[:-1]))


@dataclass(frozen=True)
class _Canaries:
    """Takes canaries out of counts of persons.

    If canaries are the same everywhere, the lists of each canary are known. If canaries are like
    the list, only the counts seen in each list are known, and not which of these canaries are one
    person: then the largest possible number is taken out. At least one person is left, so that the
    count is never larger than the truth, and a pattern that might hold nobody counts as small.
    """

    received: ReceivedCells
    told: Sequence[_Columns]

    def taken_out(self, count: int, parts: Sequence[Sequence[int]]) -> int:
        terms = self.received.charter.encoding.canaries
        if isinstance(terms, CanariesAlike):
            return count - self._alike(terms, parts)
        of_lists = zip(self._by_list, parts, strict=True)
        listed = [found[tuple(part)] for found, part in of_lists if part[0] != _NOT_LISTED]
        most = min(listed, default=0)
        return max(1, count - most) if most else count

    @cached_property
    def _by_list(self) -> list[Counter[tuple[int, ...]]]:
        return [
            planted_by_pattern(self.received.planted[each.dataset], each.domains, each.bits)
            for each in self.told
        ]

    def _alike(self, terms: CanariesAlike, parts: Sequence[Sequence[int]]) -> int:
        """Paired canaries are on every list, single ones on one list."""
        if all(list(part) == each.full for each, part in zip(self.told, parts, strict=True)):
            return terms.pairs
        listed = [part for part in parts if part[0] != _NOT_LISTED]
        return terms.singles if len(listed) == 1 and not any(listed[0]) else 0
