"""Measured shares are never surer than their counts, and what is said has no small count."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoder.released.review.figures import domains_of, publishable
from encoder.released.review.references import References
from encoder.steps.review_answers import AskedRow, FieldAnswer, GivenAnswer, Review, StratumSize
from policy.base.shares import MILLION, stratified, wilson
from policy.statements.kinds.reviewed import Grade, Nik, ReviewStratum, SmallestCell, are_lawful

GRADES: tuple[Grade, ...] = ("certain", "to-check")
NIKS: tuple[Nik, ...] = ("present", "absent")
CELLS = list(product(("satu", "dua"), GRADES, NIKS, ("Cakung", "Menteng", "")))
counts = st.tuples(*[st.integers(0, 40)] * 4)  # same, other, unresolved, not asked


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    asked: dict[str, AskedRow] = {}
    given_: dict[str, GivenAnswer] = {}
    sizes = []
    for cell in CELLS:
        *answers, rest = draw(st.one_of(st.just((0, 0, 0, 0)), counts))
        domain, grade, nik, place = cell
        sizes.append(
            StratumSize(domain=domain, grade=grade, nik=nik, place=place, rows=sum(answers) + rest)
        )
        for answer, count in zip(FieldAnswer, answers, strict=True):
            for _ in range(count):
                reference = str(len(asked))
                asked[reference] = AskedRow(
                    domain=domain,
                    handle=f"{len(asked):032x}",
                    grade=grade,
                    nik=nik,
                    place=place,
                    content="0" * 64,
                )
                given_[reference] = GivenAnswer(answer=answer, at=0)
    return Review(key="0" * 64, sizes=tuple(sizes), asked=asked, given=given_)


cells = st.builds(SmallestCell, st.integers(5, 20), st.booleans())


@given(reviews(), cells)
def test_what_is_said_is_lawful_and_adds_up(review: Review, cell: SmallestCell) -> None:
    strata = tuple(publishable(review, cell))
    assert are_lawful(strata, cell)
    truth: Counter[tuple[str, str]] = Counter()
    for reference, row in review.asked.items():
        if review.given[reference].answer is not FieldAnswer.UNRESOLVED:
            truth[row.domain, row.grade] += 1
    said: Counter[tuple[str, str]] = Counter()
    for each in strata:
        said[each.domain, each.grade] += each.resolved
        shown = (each.same, each.other, each.unresolved)
        assert all(count is None or cell.allows(count) for count in shown)
    # A grade is said as a whole or not at all.
    assert dict(said) == {name: n for name, n in truth.items() if n >= cell.least}


@given(reviews())
def test_the_figures_of_a_domain_have_their_estimates_inside(review: Review) -> None:
    for domain in domains_of(review):
        for tally in (*domain.grades.values(), *domain.niks.values(), *domain.places.values()):
            if tally.resolved:
                interval = tally.precision
                assert interval.low < interval.high
                assert interval.low <= tally.same / tally.resolved * MILLION + 1
                assert tally.least_ppm <= interval.low
        whole = domain.precision
        if whole is not None:
            parts = [each for each in domain.grades.values() if each.rows]
            shares = [each.same / each.resolved * MILLION for each in parts]
            assert min(shares) - 1 <= whole.estimate <= max(shares) + 1
            assert whole.low < whole.high


strata = st.lists(
    st.tuples(st.floats(0.5, 1e6), st.integers(1, 500), st.floats(0, 1)), min_size=1, max_size=6
)


@given(strata)
def test_strata_together_are_surer_than_the_least_sure_and_never_sure(
    parts: list[tuple[float, int, float]],
) -> None:
    each = [(weight, wilson(round(share * n) / n, n)) for weight, n, share in parts]
    whole = stratified(each)
    assert whole.low < whole.high
    assert whole.low <= whole.estimate <= whole.high
    assert min(i.low for _, i in each) - 1 <= whole.low
    assert whole.high <= max(i.high for _, i in each) + 1
    if len(each) == 1:
        assert abs(whole.low - each[0][1].low) <= 1


@pytest.mark.parametrize("right", [(0.99, 0.6), (1.0, 0.5), (0.9, 0.1)])
def test_the_interval_of_strata_has_the_truth_in_it_as_often_as_it_says(
    right: tuple[float, float],
) -> None:
    draw = random.Random(7)
    sizes, samples = (900, 100), (60, 30)
    truth = sum(n * p for n, p in zip(sizes, right, strict=True)) / sum(sizes)
    inside = naive = 0
    for _ in range(1000):
        hits = [
            sum(draw.random() < p for _ in range(n)) for n, p in zip(samples, right, strict=True)
        ]
        each = [wilson(hit / n, n) for hit, n in zip(hits, samples, strict=True)]
        whole = stratified(list(zip(sizes, each, strict=True)))
        inside += whole.low <= truth * MILLION <= whole.high
        # Answers of both strata in one heap: what no weights would give.
        heap = wilson(sum(hits) / sum(samples), sum(samples))
        naive += heap.low <= truth * MILLION <= heap.high
    assert inside >= 930
    assert naive < 700, "without weights the interval misses"


keys = st.binary(min_size=32, max_size=32)
handles = st.binary(min_size=16, max_size=16)


@given(keys, handles, st.data())
def test_a_reference_is_read_as_excel_and_people_write_it(
    key: bytes, handle: bytes, data: st.DataObject
) -> None:
    references = References(key)
    reference = references.of("satu", handle)
    assert reference != references.of("dua", handle)
    at = data.draw(st.integers(0, len(reference)))
    written = f" {reference[:at]} {reference[at:]}\u00a0".lower().replace("-", "\u2013")
    assert references.read(written) == reference
    letter = data.draw(st.sampled_from([i for i, each in enumerate(reference) if each != "-"]))
    wrong = "B" if reference[letter] != "B" else "C"
    changed = reference[:letter] + wrong + reference[letter + 1 :]
    assert references.read(changed) != reference


@given(keys, keys, handles)
def test_another_reviews_references_are_foreign(one: bytes, other: bytes, handle: bytes) -> None:
    mine, theirs = References(one), References(other)
    read = mine.read(theirs.of("satu", handle))
    same_form = theirs.of("satu", handle)[:4] == mine.of("satu", handle)[:4]
    assert same_form or read == "foreign"


def test_a_stratum_with_a_hidden_count_is_wider_than_the_count_would_be() -> None:
    cell = SmallestCell(10, empty_allowed=True)
    hidden = ReviewStratum.of(("satu", "certain", None, None), 90, (196, 4, 0), cell)
    known = wilson(196 / 200, 200)
    assert hidden.precision(cell).low < known.low < known.high < hidden.precision(cell).high
