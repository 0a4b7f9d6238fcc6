"""Cells that passed under the first law: own lists joined, agencies as two parties, older views."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage_service.intake.arrays import RunData
from linkage_service.matching import EncodedDataset, Groups, no_candidates
from linkage_service.release.cells import ReceivedCells, cells, differences
from linkage_service.release.persons import cells_of_persons
from linkage_service.release.views import View
from linkage_service.runs import outcome
from linkage_service.runs.own_lists import Joined
from policy.charter import FIRST_LAW, LATEST_LAW, Charter
from policy.gates.facts import CellFacts, DifferenceFacts, ReleaseFacts
from policy.gates.rules import RULES
from policy.gates.rules.case import ReleaseCase, RunCase
from policy.members.roster import Roster
from policy.project.canary_counts import planted_alike
from policy.project.recipients import recipients
from tests.support.republic import charter_from, charter_tree, make_roster, member_keys

ROSTER = make_roster(member_keys())
MINIMUM = 10


def charter(law: str = LATEST_LAW, **tree: Any) -> Charter:
    """Dinas Sosial has DTKS and PPKS and learns of each which rows Regsosek confirms."""
    agreed = {**charter_tree(), "law": law, **tree}
    agreed["datasets"].append({**agreed["datasets"][1], "id": "ppks"})
    agreed["domains"] = [
        {"id": "dtks-regsosek", "datasets": ["dtks", "regsosek"], "learn": ["dtks"]},
        {"id": "ppks-regsosek", "datasets": ["ppks", "regsosek"], "learn": ["ppks"]},
        {"id": "carik-dtks", "datasets": ["carik", "dtks"], "learn": ["carik"]},
    ]
    agreed["release"]["minimum_cell"] = MINIMUM
    agreed["encoding"]["canaries"] = {"pairs": 0, "singles": 0}
    return charter_from(agreed)


def handles(dataset: str, count: int) -> np.ndarray:
    return np.random.default_rng(len(dataset)).integers(0, 256, (count, 16), np.uint8)


def view(domain: str, release: str = "sekarang", **matched: list[bool]) -> View:
    """Each row's match is a group of its own number, in every list of the domain."""
    groups = {
        name: np.where(np.array(rows, bool), np.arange(len(rows)), -1)
        for name, rows in matched.items()
    }
    return View(release, domain, {n: handles(n, len(r)) for n, r in matched.items()}, groups)


def rule_holds(
    agreed: Charter,
    found: tuple[CellFacts, ...],
    changed: tuple[DifferenceFacts, ...] = (),
    rule: str = "release.cells",
) -> bool:
    facts = ReleaseFacts(
        release="sekarang", run="0" * 64, domains={}, cells=found, differences=changed
    )
    run = RunCase(charter=agreed, roster=ROSTER, signed_by=frozenset(), at=0)
    case = ReleaseCase(run, "dinsos", (), {}, 0, 1, facts, (), (), 0, 0)
    return bool(RULES[rule].check(case).passed)


def joined(agreed: Charter, **persons: list[int]) -> Joined:
    """Rows of one number are one person."""
    numbers = {name: agreed.dataset_ids.index(name) for name in persons}
    everybody = Counter(person for rows in persons.values() for person in set(rows))
    several = sorted(person for person, lists in everybody.items() if lists > 1)
    found = sorted(
        (several.index(person), numbers[name], row)
        for name, rows in persons.items()
        for row, person in enumerate(rows)
        if person in several
    )
    table = np.array(found, np.int64).reshape(-1, 3)
    groups = Groups(
        table[:, 1].astype(np.uint16), table[:, 2].astype(np.uint32), table[:, 0].astype(np.uint32)
    )
    return Joined(frozenset({"dinsos"}), tuple(persons), groups)


# -- own lists, joined by NIK ------------------------------------------------------------------


def own_lists_joined(law: str) -> tuple[Charter, tuple[CellFacts, ...]]:
    """Each list by itself has cells of 40 and more; one person is confirmed in one of them only."""
    agreed = charter(law)
    dtks, ppks = [True] * 60 + [False] * 60, [True] * 60 + [False] * 40
    ppks[0] = False
    views = [
        view("dtks-regsosek", dtks=dtks, regsosek=[True] * 120),
        view("ppks-regsosek", ppks=ppks, regsosek=[True] * 120),
    ]
    received = look(agreed, recipients(agreed, ROSTER), views, [])
    alone = cells(received)
    assert min(each.rows for each in alone) >= 40
    if law == FIRST_LAW:
        return agreed, alone
    persons = joined(agreed, dtks=list(range(120)), ppks=list(range(100)))
    rows = {"dtks": handles("dtks", 120), "ppks": handles("ppks", 100)}
    return agreed, (*alone, *cells_of_persons(received, persons, rows))


def look(
    agreed: Charter, groups: Sequence[frozenset[str]], now: list[View], before: list[View]
) -> ReceivedCells:
    return ReceivedCells(agreed, groups, now, before, planted_alike(agreed, groups))


def test_two_lists_that_one_agency_joins_hold_a_cell_of_one() -> None:
    agreed, found = own_lists_joined(LATEST_LAW)
    smallest = min(found, key=lambda each: each.rows)
    assert (smallest.rows, smallest.lists) == (1, ("dtks", "ppks"))
    assert smallest.pattern == ("dtks:dtks-regsosek:1", "ppks:ppks-regsosek:0")
    assert not rule_holds(agreed, found)
    # The negative control: each list by itself passed.
    assert rule_holds(*own_lists_joined(FIRST_LAW))


def test_lists_of_which_one_was_told_nothing_form_no_cells() -> None:
    agreed = charter()
    views = [view("dtks-regsosek", dtks=[True, False], regsosek=[True])]
    received = look(agreed, recipients(agreed, ROSTER), views, [])
    persons = joined(agreed, dtks=[0, 1], ppks=[1])
    rows = {"dtks": handles("dtks", 2), "ppks": handles("ppks", 1)}
    assert cells_of_persons(received, persons, rows) == ()


@settings(max_examples=80)
@given(st.data())
def test_persons_are_counted_as_their_agency_would(data: st.DataObject) -> None:
    agreed, lists = charter(), ("dtks", "ppks")
    count = data.draw(st.integers(1, 9))
    on = {n: data.draw(st.lists(st.booleans(), min_size=count, max_size=count)) for n in lists}
    who = {name: [p for p in range(count) if on[name][p]] for name in lists}
    told = {n: data.draw(st.lists(st.booleans(), min_size=len(w), max_size=len(w)))
            for n, w in who.items()}  # fmt: skip
    views = [view(f"{n}-regsosek", **{n: told[n], "regsosek": [True] * 9}) for n in lists]
    received = look(agreed, recipients(agreed, ROSTER), views, [])
    rows = {name: handles(name, len(who[name])) for name in lists}
    found = cells_of_persons(received, joined(agreed, **who), rows)
    expected = Counter(
        tuple(
            f"{n}:{n}-regsosek:{int(told[n][who[n].index(p)])}" if p in who[n] else f"{n}:-"
            for n in lists
        )
        for p in range(count)
        if any(on[n][p] for n in lists)
    )
    assert {each.pattern: each.rows for each in found} == dict(expected)


def test_canaries_are_no_persons() -> None:
    tree = charter_tree()
    agreed = charter(encoding={**tree["encoding"], "canaries": {"pairs": 0, "singles": 0}})
    planted = agreed.model_copy(
        update={
            "encoding": agreed.encoding.model_copy(
                update={
                    "canaries": agreed.encoding.canaries.model_copy(
                        update={"pairs": 2, "singles": 1}
                    )
                }
            )
        }
    )
    # Rows 0 and 1 are paired, row 2 is single in its own list, the others are people.
    views = [
        view("dtks-regsosek", dtks=[True, True, False, True], regsosek=[True] * 4),
        view("ppks-regsosek", ppks=[True, True, False, False], regsosek=[True] * 4),
    ]
    received = look(planted, recipients(planted, ROSTER), views, [])
    persons = joined(planted, dtks=[0, 1, 20, 5], ppks=[0, 1, 21, 5])
    rows = {name: handles(name, 4) for name in ("dtks", "ppks")}
    found = cells_of_persons(received, persons, rows)
    assert [(each.pattern, each.rows) for each in found] == [
        (("dtks:dtks-regsosek:1", "ppks:ppks-regsosek:0"), 1)
    ]


def test_rows_of_one_nik_are_one_person_even_if_their_names_contradict() -> None:
    agreed = charter()
    tokens = np.arange(3, dtype=np.uint8).repeat(16).reshape(3, 16)
    random = np.random.default_rng(1)
    names = ("regsosek", "dtks", "carik", "ppks")
    sides = [
        EncodedDataset(name, {"utama": random.integers(0, 2**63, (3, 16), np.uint64)}, own)
        for name, own in zip(names, (tokens, tokens, tokens, tokens[::-1]), strict=True)
    ]
    data = RunData(names, sides, [handles(name, 3) for name in names])
    found = outcome.joined(no_candidates(), data, agreed, ("dtks", "ppks"), None)
    assert found.count == 3
    dtks, ppks = found.by_row(1, 3), found.by_row(3, 3)
    assert dtks.tolist() == ppks[::-1].tolist()


# -- one agency, several parties ---------------------------------------------------------------


def one_agency() -> Roster:
    """Dinas Sosial and Dinas PPAPP are units of one agency."""
    members = tuple(
        each.model_copy(update={"agency": "pemprov"}) if each.id in ("dinsos", "dppapp") else each
        for each in ROSTER.members
    )
    return ROSTER.model_copy(update={"members": members})


@pytest.mark.parametrize(("law", "combined"), [(FIRST_LAW, False), (LATEST_LAW, True)])
def test_parties_of_one_agency_are_one_recipient(law: str, combined: bool) -> None:
    """By themselves Carik and DTKS show no small cell; put side by side one row stands alone."""
    agreed = charter(law)
    groups = recipients(agreed, one_agency())
    assert (frozenset({"dinsos", "dppapp"}) in groups) == combined
    dtks = [True] * 60 + [False] * 60
    carik = [True] * 61 + [False] * 59
    shared = view("carik-dtks", carik=carik, dtks=dtks)
    found = cells(look(agreed, groups, [shared], []))
    assert rule_holds(agreed, found) != combined


def test_canaries_are_taken_out_as_the_agency_sees_them() -> None:
    """The shared ID of two parties' lists tells of canaries as it tells of people."""
    tree = charter().model_dump(mode="json")
    tree["encoding"]["canaries"] = {"pairs": 3, "singles": 0}
    agreed = charter_from(tree)
    groups = recipients(agreed, one_agency())
    # Three canaries stand on both lists; beside them only people that nobody confirms.
    shared = view("carik-dtks", carik=[True] * 3 + [False] * 20, dtks=[True] * 3 + [False] * 20)
    people = {each.pattern: each.rows for each in cells(look(agreed, groups, [shared], []))}
    assert set(people.values()) == {20}
    by_the_charters_word = planted_alike(agreed, agreed.recipients())
    apart = cells(ReceivedCells(agreed, groups, [shared], [], by_the_charters_word))
    assert {each.rows for each in apart} != {20}, "the old grouping leaves canaries among people"


def test_the_charters_word_and_the_roster_join_the_same_recipients() -> None:
    tree = charter_tree()
    tree["release"]["together"] = [["bps", "dppapp"]]
    agreed = charter(release=tree["release"])
    assert recipients(agreed, one_agency()) == (frozenset({"bps", "dinsos", "dppapp"}),)


# -- all views count ---------------------------------------------------------------------------

# Of 142 rows: in which of three releases of one domain each had a match.
SEEN = [(1, 1, 1)] * 40 + [(0, 0, 0)] * 40 + [(1, 0, 0)] * 20 + [(0, 1, 1)] * 20
SEEN += [(0, 0, 1)] * 20 + [(1, 0, 1)] * 1 + [(0, 1, 0)] * 20


@pytest.mark.parametrize(("law", "passes"), [(FIRST_LAW, True), (LATEST_LAW, False)])
def test_three_releases_that_pass_by_pairs_leave_a_cell_of_one(law: str, passes: bool) -> None:
    agreed = charter(law)
    views = [
        view(
            "dtks-regsosek",
            f"rilis-{number}",
            dtks=[bool(seen[number]) for seen in SEEN],
            regsosek=[True] * len(SEEN),
        )
        for number in range(3)
    ]
    received = look(agreed, recipients(agreed, ROSTER), views[2:], views[:2])
    assert rule_holds(agreed, (), differences(received), "release.differencing")
    assert rule_holds(agreed, cells(received)) == passes


@pytest.mark.parametrize(("rows", "passes"), [(MINIMUM - 1, False), (MINIMUM, True)])
def test_the_band_between_two_thresholds_is_a_cell(rows: int, passes: bool) -> None:
    """A later run with a higher threshold shows who lies between: a cell like any other."""
    agreed = charter()
    lower = [True] * 60 + [False] * 60
    higher = [True] * (60 - rows) + [False] * (60 + rows)
    views = [
        view("dtks-regsosek", release, dtks=dtks, regsosek=[True] * 120)
        for release, dtks in (("dahulu", lower), ("sekarang", higher))
    ]
    received = look(agreed, recipients(agreed, ROSTER), views[1:], views[:1])
    assert rule_holds(agreed, cells(received)) == passes
