"""Who is eligible, waits, is reviewed or not, and for which reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from encoder.released.programmes.cases import CaseRow, Caution, Truth
from encoder.released.programmes.evaluation import (
    Evaluation,
    JudgedRow,
    Outcome,
    OutcomeGround,
    Terms,
    evaluate,
)
from encoder.released.programmes.rules import Programme
from encoder.released.programmes.wording import reason_words
from tests.support.programme_rules import programme, title

DAY = date(2026, 7, 1)
MEETS, FAILS, UNKNOWN = ("2", "", ""), ("9", "", ""), ("", "", "")


def judged(cases: list[CaseRow], rules: Programme | None = None, seed: str = "s") -> Evaluation:
    return evaluate(rules or programme(), cases, Terms(DAY, seed))


def one(cells: tuple[str, ...], rules: Programme | None = None, **facts: Any) -> JudgedRow:
    [row] = judged([CaseRow(1, "p1", cells=cells, **facts)], rules).rows
    return row


def grounds(row: JudgedRow) -> set[OutcomeGround]:
    return {reason.ground for reason in row.reasons}


def words(row: JudgedRow) -> str:
    return "; ".join(reason_words(each, {"desil": "desil_nasional"}).id for each in row.reasons)


def test_a_row_is_judged_with_its_rule_column_and_value() -> None:
    assert one(MEETS).outcome is Outcome.ELIGIBLE
    row = one(FAILS)
    assert row.outcome is Outcome.NOT_ELIGIBLE
    assert words(row) == "tidak memenuhi: desil (desil_nasional: 9)"


@pytest.mark.parametrize("cell", ["", "-", "entah", "NULL"])
def test_what_is_not_known_is_reviewed_and_never_taken_for_a_no(cell: str) -> None:
    row = one((cell, "", ""))
    assert row.outcome is Outcome.REVIEW
    assert "data kosong" in words(row) or "tidak terbaca" in words(row)


def test_a_known_no_decides_even_if_another_cell_is_missing() -> None:
    both = [
        {"title": title("desil"), "column": "desil", "at_most": 4},
        {"title": title("hamil"), "column": "hamil", "is_yes": True},
    ]
    rules = programme(conditions=both)
    assert one(("9", "", ""), rules).outcome is Outcome.NOT_ELIGIBLE
    assert one(("2", "", ""), rules).outcome is Outcome.REVIEW
    either = programme(conditions=[{"any": both}])
    assert one(("2", "", ""), either).outcome is Outcome.ELIGIBLE
    assert one(("9", "", ""), either).outcome is Outcome.REVIEW


def test_whoever_receives_aid_is_reviewed_instead_of_removed() -> None:
    for present in (Truth.YES, Truth.UNKNOWN):
        row = one(FAILS, present=present)
        assert row.outcome is Outcome.REVIEW
        assert "tidak memenuhi: desil (desil_nasional: 9)" in words(row)
    assert OutcomeGround.WOULD_LOSE in grounds(one(FAILS, present=Truth.YES))
    assert OutcomeGround.PRESENT_UNKNOWN in grounds(one(FAILS, present=Truth.UNKNOWN))
    # The same row of somebody who receives nothing.
    assert one(FAILS, present=Truth.NO).outcome is Outcome.NOT_ELIGIBLE


def test_whoever_receives_aid_and_is_beyond_the_quota_is_reviewed() -> None:
    rules = programme(quota=0)
    row = one(MEETS, rules, present=Truth.YES)
    assert (row.outcome, grounds(row) >= {OutcomeGround.OVER_QUOTA, OutcomeGround.WOULD_LOSE}) == (
        Outcome.REVIEW,
        True,
    )
    assert one(MEETS, rules).outcome is Outcome.WAITING


@pytest.mark.parametrize(
    ("caution", "ground"),
    [
        (Caution.DECEASED, OutcomeGround.DECEASED),
        (Caution.MOVED, OutcomeGround.MOVED),
        (Caution.CHANGED, OutcomeGround.CHANGED),
    ],
)
def test_the_dead_the_moved_and_changed_rows_are_reviewed(
    caution: Caution, ground: OutcomeGround
) -> None:
    row = one(MEETS, cautions=(caution,))
    assert (row.outcome, grounds(row)) == (Outcome.REVIEW, {ground})
    assert one(FAILS, cautions=(caution,)).outcome is Outcome.NOT_ELIGIBLE


def test_another_source_confirms_denies_or_has_to_be_checked() -> None:
    rules = programme(conditions=[{"title": title("padan"), "confirmed_by": "regsosek"}])
    outcomes = {truth: one(MEETS, rules, confirmed=(truth,)).outcome for truth in Truth}
    assert outcomes == {
        Truth.YES: Outcome.ELIGIBLE,
        Truth.UNKNOWN: Outcome.REVIEW,
        Truth.NO: Outcome.NOT_ELIGIBLE,
    }
    assert "perlu dicek: padan" in words(one(MEETS, rules, confirmed=(Truth.UNKNOWN,)))


def test_rows_of_one_person_that_disagree_are_reviewed() -> None:
    found = judged([CaseRow(1, "p1", cells=MEETS), CaseRow(2, "p1", cells=FAILS)])
    assert {row.outcome for row in found.rows} == {Outcome.REVIEW}
    assert all(OutcomeGround.ROWS_DIFFER in grounds(row) for row in found.rows)
    same = judged([CaseRow(1, "p1", cells=MEETS), CaseRow(2, "p1", cells=("3", "", ""))])
    assert same.units_of(Outcome.ELIGIBLE) == 1


def household(**changes: Any) -> Programme:
    return programme(unit="household", **changes)


def test_a_household_is_eligible_with_all_its_rows_and_counts_once() -> None:
    cases = [
        CaseRow(1, "p1", "kk1", FAILS),
        CaseRow(2, "p2", "kk1", MEETS),
        CaseRow(3, "p3", "kk2", MEETS),
        CaseRow(4, "p4", "kk3", FAILS),
    ]
    found = judged(cases, household(quota=2))
    assert [row.outcome for row in found.rows] == [Outcome.ELIGIBLE] * 3 + [Outcome.NOT_ELIGIBLE]
    assert found.units_of(Outcome.ELIGIBLE) == 2
    assert OutcomeGround.BY_HOUSEHOLD in grounds(found.rows[0])


def test_a_row_without_a_family_card_is_never_eligible_at_once_and_is_counted() -> None:
    cases = [
        CaseRow(1, "p1", "", MEETS),
        CaseRow(2, "p2", "", FAILS),
        CaseRow(3, "p3", "kk", MEETS),
    ]
    found = judged(cases, household())
    assert [row.outcome for row in found.rows] == [
        Outcome.REVIEW,
        Outcome.NOT_ELIGIBLE,
        Outcome.ELIGIBLE,
    ]
    assert OutcomeGround.NO_HOUSEHOLD in grounds(found.rows[0])
    assert found.rows_without_household == 2
    # Counted by persons, the card does not matter.
    assert judged(cases).rows[0].outcome is Outcome.ELIGIBLE


def test_a_person_on_two_family_cards_does_not_make_two_households_eligible() -> None:
    cases = [CaseRow(1, "p1", "kk1", MEETS), CaseRow(2, "p1", "kk2", MEETS)]
    found = judged(cases, household())
    assert {row.outcome for row in found.rows} == {Outcome.REVIEW}
    # One of the two rows without a card: it is the card of the other.
    known = judged([CaseRow(1, "p1", "kk1", MEETS), CaseRow(2, "p1", "", MEETS)], household())
    assert known.units_of(Outcome.ELIGIBLE) == 1
    assert known.rows_without_household == 0


ORDER = [
    {"title": title("desil"), "column": "desil", "first": "lowest"},
    {
        "title": title("hamil dahulu"),
        "when": {"title": title("hamil"), "column": "hamil", "is_yes": True},
    },
]


def test_priorities_come_before_the_lottery_and_unknown_ones_last() -> None:
    cells = [("3", "ya", ""), ("1", "tidak", ""), ("1", "", ""), ("1", "ya", ""), ("2", "ya", "")]
    cases = [CaseRow(number, f"p{number}", cells=each) for number, each in enumerate(cells, 1)]
    for seed in "abcdef":
        found = judged(cases, programme(order=ORDER, quota=3), seed)
        by_rank = sorted((row.rank, row.case.number) for row in found.rows)
        assert [number for _, number in by_rank] == [4, 2, 3, 5, 1]
    # Beyond the quota because a cell is missing: the reason is told.
    tight = judged(cases, programme(order=ORDER, quota=2))
    assert OutcomeGround.PRIORITY_UNKNOWN in grounds(tight.rows[2])


def test_a_member_of_a_household_counts_for_its_place_but_not_a_dead_one() -> None:
    order = [ORDER[1]]
    cases = [
        CaseRow(1, "p1", "kk1", ("2", "tidak", "")),
        CaseRow(2, "p2", "kk1", ("9", "ya", "")),
        CaseRow(3, "p3", "kk2", ("2", "tidak", "")),
        CaseRow(4, "p4", "kk2", ("9", "ya", ""), cautions=(Caution.DECEASED,)),
    ]
    for seed in "abcdef":
        found = judged(cases, household(order=order), seed)
        assert [row.rank for row in found.rows] == [1, 1, 2, 2]


def _drawn(rules: Programme, seed: str) -> list[str]:
    cases = [CaseRow(number, f"p{number}", cells=MEETS) for number in range(1, 41)]
    return [row.case.person for row in judged(cases, rules, seed).rows_of(Outcome.ELIGIBLE)]


def test_rewording_rules_does_not_draw_the_lottery_again() -> None:
    """Whoever writes the rules cannot look for wording that favours somebody."""
    first = _drawn(programme(quota=10), "s")
    assert _drawn(programme(quota=10, note=title("lain"), version="2"), "s") == first
    assert _drawn(programme(quota=10), "another seed") != first


def test_a_larger_household_has_no_more_tickets_and_rows_may_be_sorted() -> None:
    small = [CaseRow(number, f"p{number}", f"kk{number}", MEETS) for number in range(1, 9)]
    drawn = judged(small, household(quota=4))
    mixed = [CaseRow(9 - case.number, case.person, case.household, MEETS) for case in small]
    again = judged(mixed, household(quota=4))
    eligible = {row.case.household for row in drawn.rows_of(Outcome.ELIGIBLE)}
    assert {row.case.household for row in again.rows_of(Outcome.ELIGIBLE)} == eligible


def test_entries_of_the_earlier_list_that_are_not_in_the_table_are_kept_for_review() -> None:
    found = evaluate(programme(), [], Terms(DAY, "s"), ["dulu.csv: 3"])
    assert found.absent == ("dulu.csv: 3",)


def test_two_excluded_by_a_not_are_told_so() -> None:
    rules = programme(
        conditions=[{"not": {"title": title("Desil 8-10"), "column": "desil", "at_least": 8}}]
    )
    assert words(one(("9", "", ""), rules)) == "dikecualikan karena: Desil 8-10 (desil_nasional: 9)"
    assert one(("2", "", ""), rules).outcome is Outcome.ELIGIBLE
    assert one(("", "", ""), rules).outcome is Outcome.REVIEW
