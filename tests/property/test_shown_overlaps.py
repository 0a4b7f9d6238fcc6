"""A reader with a linear program learns no small combination from a run's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from linkage_service.ui.figures import known_sums
from linkage_service.ui.figures.known_sums import Integers, KnownSums, Reals
from linkage_service.ui.figures.shown_overlaps import (
    CountRange,
    DomainCounts,
    Lists,
    ShownOverlaps,
    shown_overlaps,
)
from policy.gates.pooling import CellFloor

K = 10
FLOOR = CellFloor(K, empty_allowed=False)


def every(names: str) -> list[Lists]:
    return [frozenset(each) for n in range(2, len(names) + 1) for each in combinations(names, n)]


def domain(names: str, people: Mapping[Lists, int]) -> DomainCounts:
    """People in these lists, from counts by all lists that they are in."""
    inside: dict[Lists, int] = dict.fromkeys(every(names), 0)
    for lists, count in people.items():
        if len(lists & frozenset(names)) > 1:
            inside[lists & frozenset(names)] += count
    return DomainCounts(names, tuple(names), inside, {}, frozenset(names))


def possible(
    wanted: Lists,
    inside: DomainCounts,
    domains: Sequence[DomainCounts],
    shown: Mapping[str, ShownOverlaps],
) -> tuple[int, int]:
    """The least and the most people that agree with everything that the page shows."""
    top = max(domains, key=lambda each: len(each.lists))
    sums: list[list[bool]] = []
    totals: list[int] = []
    bounds: list[tuple[int, int | None]] = [(0, None)] * len(top.every)
    for each in domains:
        own, told = frozenset(each.lists), shown[each.domain]
        for lists, people in told.people.items():
            if isinstance(people, CountRange):
                assert each is top
                bounds[top.every.index(lists)] = (people.low, people.high)
            elif people is not None:
                sums.append([atom & own == lists for atom in top.every])
                totals.append(people)
        for name in told.totals:
            sums.append([name in atom and len(atom & own) > 1 for atom in top.every])
            totals.append(each.total(name))
    aim = np.array([atom & frozenset(inside.lists) == wanted for atom in top.every], float)
    ends = []
    for sign in (1, -1):
        equal = {"A_eq": np.array(sums, float), "b_eq": totals} if sums else {}
        found = linprog(sign * aim, bounds=bounds, method="highs", **equal)
        unbounded = found.status == 3
        assert found.success or unbounded, found.message
        ends.append(10**9 if unbounded else round(sign * found.fun))
    return ends[0], ends[1]


def small_ones(domains: Sequence[DomainCounts]) -> list[tuple[DomainCounts, Lists]]:
    return [(each, lists) for each in domains for lists in each.every if each.count(lists) < K]


def primary_only(domains: Sequence[DomainCounts]) -> dict[str, ShownOverlaps]:
    """The negative control: small counts alone are hidden."""
    return {
        each.domain: ShownOverlaps(
            {lists: None if n < K else n for lists in each.every for n in [each.count(lists)]},
            each.totals,
        )
        for each in domains
    }


def tables(names: str, *parts: str) -> st.SearchStrategy[list[DomainCounts]]:
    count = st.one_of(st.integers(0, K - 1), st.integers(K, 60), st.integers(60, 5_000))
    people = st.fixed_dictionaries(dict.fromkeys(every(names), count))
    return people.map(lambda found: [domain(each, found) for each in (names, *parts)])


@settings(max_examples=60, deadline=None)
@given(
    domains=st.one_of(
        tables("abc"),
        tables("abc", "ab"),
        tables("abc", "ab", "bc"),
        tables("abcd"),
        tables("abcd", "abc", "bd"),
    )
)
def test_no_small_combination_follows_from_the_page(domains: list[DomainCounts]) -> None:
    shown = shown_overlaps(domains, FLOOR)
    for inside, lists in small_ones(domains):
        assert shown[inside.domain].people[lists] is None
        least, most = possible(lists, inside, domains, shown)
        assert least == 0
        assert most >= K
    if not small_ones(domains):
        assert all(
            people == each.people for each in domains for people in [shown[each.domain].people]
        )


PEOPLE = {"ab": 143, "ac": 42, "bc": 3, "abc": 173}


@pytest.mark.parametrize("parts", [(), ("ab",), ("bc",)])
def test_with_primary_suppression_alone_the_small_one_is_computed(parts: tuple[str, ...]) -> None:
    people = {frozenset(name): count for name, count in PEOPLE.items()}
    domains = [domain(each, people) for each in ("abc", *parts)]
    wanted = frozenset("bc")
    assert possible(wanted, domains[0], domains, primary_only(domains)) == (3, 3)
    least, most = possible(wanted, domains[0], domains, shown_overlaps(domains, FLOOR))
    assert (least, most >= K) == (0, True)


def test_two_totals_of_one_list_are_not_shown_if_their_difference_is_small() -> None:
    """Matched in all lists, less matched with the first one alone: 3 people."""
    people = {frozenset(name): count for name, count in PEOPLE.items()}
    both = [domain("abc", people), domain("ab", people)]
    shown = shown_overlaps(both, FLOOR)
    assert both[0].total("b") - both[1].total("b") == PEOPLE["bc"]
    assert not {"b"} <= shown["abc"].totals & shown["ab"].totals
    assert shown["abc"].totals == frozenset("abc")


def test_with_four_lists_most_combinations_stay_exact() -> None:
    counts = {lists: 20 + 10 * at for at, lists in enumerate(every("abcd"))} | {frozenset("bc"): 3}
    shown = shown_overlaps([domain("abcd", counts)], FLOOR)["abcd"].people
    assert sum(isinstance(people, int) for people in shown.values()) >= 6
    assert shown[frozenset("bc")] is None


def test_lists_of_domains_that_overlap_are_shown_whole_or_not_at_all() -> None:
    people = {frozenset(name): 50 for name in ("ab", "bc", "abc", "bcd", "cd")}
    apart = [domain("abc", people | {frozenset("ac"): 20}), domain("bcd", people)]
    hidden = shown_overlaps(apart, FLOOR)
    assert {p for each in hidden.values() for p in each.people.values()} == {None}, "bd is empty"
    whole = shown_overlaps(apart, CellFloor(K, empty_allowed=True))
    assert None not in whole["abc"].people.values()


def test_canaries_of_the_list_with_the_fewest_may_be_in_a_combination() -> None:
    """35 of whom 30 may be canaries: 5 people, which is not told. The control has no canaries."""
    people = {frozenset(name): count for name, count in {**PEOPLE, "bc": 35}.items()}
    plain, wanted = domain("abc", people), frozenset("bc")
    planted = replace(plain, planted={"a": 500, "b": 30, "c": 40})
    assert planted.unknown(wanted) == 30
    shown = shown_overlaps([planted], FLOOR)
    assert shown["abc"].people[wanted] is None
    least, most = possible(wanted, planted, [planted], shown)
    assert least == 0
    assert most >= K + 30
    assert shown_overlaps([plain], FLOOR)["abc"].people[wanted] == 35


def test_sums_that_are_too_entangled_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    people = {frozenset(name): count for name, count in PEOPLE.items()}
    domains = [domain(each, people) for each in ("abc", "ab", "bc")]
    whole = shown_overlaps(domains, FLOOR)
    monkeypatch.setattr(known_sums, "_LARGEST", 1)
    with pytest.raises(OverflowError):
        KnownSums.none_of(np.array([1, 1])).with_sum(np.array([1, 1]))
    shown = shown_overlaps(domains, FLOOR)
    assert shown != whole, "the control: less is shown"
    for inside, lists in small_ones(domains):
        least, most = possible(lists, inside, domains, shown)
        assert (least, most >= K) == (0, True)


def test_moves_are_worked_out_once_for_all_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six lists have thousands of pairs of moves, and a page asks for hundreds of sums."""
    worked, asked = list[KnownSums](), list[KnownSums]()
    steps, reach = KnownSums.steps, KnownSums.reach

    def noted(self: KnownSums, moves: Integers) -> Reals:
        worked.append(self)
        return steps(self, moves)

    def noted_reach(self: KnownSums, parts: Integers) -> tuple[float, float]:
        asked.append(self)
        return reach(self, parts)

    monkeypatch.setattr(KnownSums, "steps", noted)
    monkeypatch.setattr(KnownSums, "reach", noted_reach)
    counts = {lists: 3 if at % 4 else 100 + at for at, lists in enumerate(every("abcde"))}
    shown_overlaps([domain("abcde", counts)], FLOOR)
    known = set(map(id, asked))
    assert len(asked) > 2 * len(known), "the control: many sums are asked for"
    assert len(worked) <= 2 * len(known), "forwards and backwards"
