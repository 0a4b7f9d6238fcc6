"""What holds for every programme and every table of rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from encoder.released.programmes.cases import CaseRow, Caution, Truth
from encoder.released.programmes.evaluation import Evaluation, Outcome, Terms, evaluate
from encoder.released.programmes.rules import Programme
from tests.support.programme_rules import programme, title
from tests.support.thorough import how_many

TERMS = Terms(date(2026, 7, 1), "seed")
_leaf = st.one_of(
    st.integers(1, 10).map(lambda n: {"title": title("desil"), "column": "desil", "at_most": n}),
    st.booleans().map(lambda yes: {"title": title("hamil"), "column": "hamil", "is_yes": yes}),
    st.tuples(st.integers(0, 30), st.integers(30, 90)).map(
        lambda ages: {
            "title": title("usia"),
            "column": "lahir",
            "age": {"at_least": ages[0], "at_most": ages[1]},
        }
    ),
    st.just({"title": title("padan"), "confirmed_by": "regsosek"}),
)
_EASY = {"title": title("desil"), "column": "desil", "at_most": 5}
_conditions = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=5,
)
# Most rows meet most conditions: otherwise quotas and lotteries are never tried.
_cells = st.tuples(
    st.sampled_from(["1", "1", "1", "2", "5", "9", "", "?", "entah"]),
    st.sampled_from(["", "ya", "tidak", "mungkin"]),
    st.sampled_from(["", "1990-05-02", "2020", "01-07-1950", "besok"]),
)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    return programme(
        unit=draw(st.sampled_from(["person", "household"])),
        quota=draw(st.one_of(st.none(), st.integers(0, 3))),
        conditions=draw(st.one_of(st.just([_EASY]), st.lists(_conditions, min_size=1, max_size=2))),
        order=draw(
            st.sampled_from(
                [
                    [],
                    [{"title": title("urutan"), "column": "desil", "first": "lowest"}],
                    [{"title": title("urutan"), "when": draw(_leaf)}],
                ]
            )
        ),
    )


@st.composite
def tables(draw: st.DrawFn, least: int = 0) -> list[CaseRow]:
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(1, 30),
                st.sampled_from(["", "a", "b", "c", "d", "e", "f"]),
                _cells,
                st.sampled_from(list(Truth)),
                st.sampled_from([(), (), (), (Caution.DECEASED,), (Caution.CHANGED,)]),
                st.sampled_from([Truth.NO, Truth.NO, *Truth]),
            ),
            min_size=least,
            max_size=14,
        )
    )
    return [
        CaseRow(number, f"p{person}", household, cells, (confirmed,), cautions, present)
        for number, (person, household, cells, confirmed, cautions, present) in enumerate(rows, 1)
    ]


def outcomes(found: Evaluation) -> dict[int, tuple[Outcome, int | None]]:
    return {row.case.number: (row.outcome, row.rank) for row in found.rows}


@given(programmes(), tables())
@settings(max_examples=80)
def test_every_row_has_one_outcome(rules: Programme, cases: list[CaseRow]) -> None:
    found = evaluate(rules, cases, TERMS)
    assert [row.case.number for row in found.rows] == [case.number for case in cases]
    assert sum(len(found.rows_of(each)) for each in Outcome) == len(cases)
    of_unit: dict[int, set[Outcome]] = {}
    for row in found.rows:
        of_unit.setdefault(row.unit, set()).add(row.outcome)
    assert all(len(each) == 1 for each in of_unit.values())
    assert sum(found.units_of(each) for each in Outcome) == len(of_unit)


@given(programmes(), tables(), st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_the_order_of_the_rows_does_not_matter(
    rules: Programme, cases: list[CaseRow], chance: object
) -> None:
    mixed = list(cases)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    # As in a file that was sorted: the rows have other numbers too.
    renumbered = [replace(case, number=at) for at, case in enumerate(mixed, 1)]
    before = outcomes(evaluate(rules, cases, TERMS))
    after = outcomes(evaluate(rules, renumbered, TERMS))
    assert [before[case.number] for case in mixed] == [after[case.number] for case in renumbered]


@given(programmes(), tables())
@settings(max_examples=80)
def test_the_quota_is_never_exceeded(rules: Programme, cases: list[CaseRow]) -> None:
    found = evaluate(rules, cases, TERMS)
    if rules.quota is not None:
        assert found.units_of(Outcome.ELIGIBLE) <= rules.quota
    # And nobody waits while there is room.
    if found.units_of(Outcome.WAITING):
        assert found.units_of(Outcome.ELIGIBLE) == rules.quota


@given(programmes(), tables(least=8), st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=80)
def test_a_larger_quota_removes_nobody(
    rules: Programme, cases: list[CaseRow], quota: int, more: int
) -> None:
    def eligible(number: int) -> set[int]:
        found = evaluate(rules.model_copy(update={"quota": number}), cases, TERMS)
        return {row.case.number for row in found.rows_of(Outcome.ELIGIBLE)}

    assert eligible(quota) <= eligible(quota + more)


@given(programmes(), tables())
@settings(max_examples=how_many(120, default=50))
def test_nobody_of_the_present_list_is_removed(rules: Programme, cases: list[CaseRow]) -> None:
    found = evaluate(rules, cases, TERMS)
    for row in found.rows:
        if row.case.present is not Truth.NO:
            assert row.outcome in (Outcome.ELIGIBLE, Outcome.REVIEW)
        assert row.reasons


@given(programmes(), tables(), st.sampled_from(["", "?"]), st.integers(0, 2))
@settings(max_examples=80)
def test_a_cell_that_gets_lost_makes_nobody_not_eligible(
    rules: Programme, cases: list[CaseRow], nothing: str, column: int
) -> None:
    """Whoever was eligible, waited or was reviewed is not refused because a cell is missing."""

    def without(case: CaseRow) -> CaseRow:
        cells = list(case.cells)
        cells[column] = nothing
        return replace(case, cells=tuple(cells))

    before = outcomes(evaluate(rules, cases, TERMS))
    after = outcomes(evaluate(rules, [without(case) for case in cases], TERMS))
    for number, (outcome, _) in before.items():
        if outcome is not Outcome.NOT_ELIGIBLE:
            assert after[number][0] is not Outcome.NOT_ELIGIBLE


def test_a_lottery_favours_no_place_in_the_file_and_no_large_household() -> None:
    """Every unit is drawn about as often as its share of the units says."""
    rules = programme(
        unit="household",
        quota=1,
        conditions=[{"title": title("desil"), "column": "desil", "at_most": 4}],
        order=[],
    )
    cells = ("1", "ya", "1990-05-02")
    sizes = (1, 2, 3, 8)
    people = [f"{household}" for household, size in enumerate(sizes) for _ in range(size)]
    cases = [
        CaseRow(number, f"p{number}", household, cells, (Truth.YES,))
        for number, household in enumerate(people, 1)
    ]
    draws = 800
    drawn = [0] * len(sizes)
    for seed in range(draws):
        found = evaluate(rules, cases, Terms(date(2026, 7, 1), str(seed)))
        drawn[int(found.rows_of(Outcome.ELIGIBLE)[0].case.household)] += 1
    # Four deviations of a fair draw, 1/4 each; by rows the largest would have 8 of 14.
    assert all(abs(each - draws / 4) < 50 for each in drawn)
    assert draws * 8 / 14 - draws / 4 > 50
