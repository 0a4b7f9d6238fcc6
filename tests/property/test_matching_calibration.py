"""Estimates against truth: on evidence drawn by chance, and on encoded people."""

from __future__ import annotations

from html import escape

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from linkage_service.matching import calibrate
from linkage_service.matching.calibration_chart import page
from linkage_service.matching.calibration_facts import (
    Calibration,
    floored,
    least_pairs,
    lowest_shift,
    uncertain,
)
from linkage_service.matching.calibration_words import UNSEEN, advice, summary
from linkage_service.matching.evidence import PairEvidence
from policy.base.shares import Interval, said, widened, wilson
from policy.gates.pooling import CellFloor
from tests.benchmarks.bench_calibration import holds, populations
from tests.support.thorough import how_many

NIK_PAIRS, OTHERS, WAYS = 1500, 600, 6
CLEAN, DIRTY = 0.55, 0.35  # how often an encoding agrees for a person
STRANGERS = 1e-5  # how often two strangers pass a threshold


def drawn(
    random: np.random.Generator, strangers: float = STRANGERS, others: int = OTHERS
) -> tuple[PairEvidence, NDArray[np.bool_], int]:
    """Evidence, which of its pairs are right, and how many people both datasets have.

    People without a common NIK are dirtier, and more mixed: everyone has cleanness of their own.
    """
    people = NIK_PAIRS + others
    clean = np.repeat([CLEAN, DIRTY], [NIK_PAIRS, others])
    each = random.beta(6 * clean, 6 * (1 - clean))
    ways = random.binomial(WAYS, each)
    token = np.arange(people) < NIK_PAIRS
    found = token | (ways > 0)
    left = right = np.flatnonzero(found)
    accepted = np.ones(len(left), bool)
    # Strangers: wherever two rows meet, and joined where both have nobody.
    many = random.poisson(strangers * people**2)
    a, b = random.integers(0, people, (2, many))
    a, b = a[a != b], b[a != b]
    free = ~found
    joined = free[a] & free[b]
    free_first = np.zeros(len(a), bool)
    free_first[np.unique(a, return_index=True)[1]] = True
    free_second = np.zeros(len(b), bool)
    free_second[np.unique(b, return_index=True)[1]] = True
    joined &= free_first & free_second
    evidence = PairEvidence(
        people,
        people,
        WAYS,
        np.concatenate([left, a]),
        np.concatenate([right, b]),
        np.concatenate([token[found], np.zeros(len(a), bool)]),
        np.concatenate([ways[found], np.ones(len(a), np.int64)]),
        np.concatenate([ways[found] * 10_000, random.integers(0, 10_000, len(a))]),
        np.concatenate([accepted, joined]),
    )
    same = np.concatenate([np.ones(len(left), bool), np.zeros(len(a), bool)])
    return evidence, same, people


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """95 % nominal, and made wider for households, which this evidence has not."""
    precision_held, recall_held, errors = 0, 0, []
    seeds = 60
    for seed in range(seeds):
        evidence, same, people = drawn(np.random.default_rng(seed))
        facts = calibrate(evidence)
        assert facts is not None
        others = evidence.accepted & ~evidence.token
        recall = round(1e6 * np.count_nonzero(evidence.accepted & same) / people)
        precision = round(1e6 * np.mean(same[others]))
        precision_held += holds(facts.precision_ppm, precision)
        recall_held += holds(facts.recall_ppm, recall)
        errors.append(facts.recall_ppm.estimate - recall)
    assert precision_held >= 0.9 * seeds
    assert recall_held >= 0.9 * seeds
    assert abs(np.mean(errors)) < 10_000, "the estimate leans to one side"


def test_the_clean_sample_alone_would_flatter() -> None:
    """Without the tilt, recall is told as that of the NIK pairs: the mistake to avoid."""
    evidence, same, people = drawn(np.random.default_rng(1))
    facts = calibrate(evidence)
    assert facts is not None
    unseen = np.mean(evidence.ways[evidence.token] == 0)
    found = np.count_nonzero(evidence.accepted & ~evidence.token)
    naive = 1e6 * (NIK_PAIRS + found) / (NIK_PAIRS + found / (1 - unseen))
    truth = 1e6 * np.count_nonzero(evidence.accepted & same) / people
    assert naive > truth + 20_000
    assert abs(facts.recall_ppm.estimate - truth) < naive - truth


def test_encoded_people() -> None:
    cases = list(populations(2_000, range(1, 5), ("regsosek", "dtks")))
    assert sum(case.precision_held for case in cases) >= 3
    assert sum(case.recall_held for case in cases) >= 3


def facts_of(strangers: float, others: int = OTHERS) -> Calibration:
    facts = calibrate(drawn(np.random.default_rng(3), strangers, others)[0])
    assert facts is not None
    return facts


def test_where_strangers_pass_the_thresholds_should_rise() -> None:
    """Strangers lie at most 10 000 ppm above a threshold here: the rise to advise."""
    good, flooded = facts_of(0, 9_000), facts_of(3e-3, 9_000)
    assert lowest_shift(good, 990_000) == 0
    assert lowest_shift(flooded, 990_000) == 10_000
    few = {band.ways for band in good.bands if band.pairs < least_pairs(990_000)}
    assert {band.ways for band in uncertain(good, 990_000)} == few
    assert {band.ways for band in uncertain(flooded, 990_000)} == few | {1}
    assert "leave them" in advice(good)[0].en
    assert "by 10,000 ppm" in advice(flooded)[0].en


def test_pairs_by_score_add_up_and_the_wrong_ones_are_where_strangers_are() -> None:
    """Strangers lie less than 10 000 ppm above a threshold; without strangers nobody is wrong."""
    smallest = CellFloor(10, empty_allowed=True)
    for strangers, others in ((3e-3, 9_000), (0, 9_000)):
        evidence = drawn(np.random.default_rng(3), strangers, others)[0]
        facts = calibrate(evidence, smallest)
        assert facts is not None
        assert sum(each.pairs for each in facts.scores) == facts.other_pairs
        assert sum(each.pairs for each in facts.nik_scores) == facts.nik_pairs
        assert facts.scores[0].low_ppm == facts.nik_scores[0].low_ppm + 100_000 == 0
        right = {each.low_ppm: each.right_ppm.estimate for each in facts.scores if each.right_ppm}
        lowest, higher = min(right[at] for at in right if at < 10_000), right[20_000]
        assert (lowest < 950_000 < higher) is (strangers > 0), right
    plain = calibrate(evidence)
    assert plain is not None
    assert (plain.scores, plain.curve) == ((), facts.curve)


def by_hand(
    others: int, strangers: int = 0, nik: int = 150, free: int = 0, ways: int = 2
) -> PairEvidence:
    """Pairs without NIK that agree in `ways` encodings; strangers found among linked rows."""
    pairs = nik + others
    a, b = np.divmod(np.arange(strangers), nik - 1)
    b = (a + 1 + b) % nik
    left, right = np.append(np.arange(pairs), a), np.append(np.arange(pairs), b)
    token = np.arange(pairs + strangers) < nik
    accepted = np.arange(pairs + strangers) < pairs
    every = np.full(pairs + strangers, ways)
    rows = pairs + free
    return PairEvidence(rows, rows, 3, left, right, token, every, every * 10_000, accepted)


def every_interval(facts: Calibration) -> list[Interval]:
    at = [each for at in facts.curve for each in (at.precision_ppm, at.recall_ppm)]
    bands = [band.right_ppm for band in facts.bands]
    return [facts.precision_ppm, facts.recall_ppm, *bands, *at]


def has_width(facts: Calibration) -> None:
    for each in every_interval(facts):
        assert 0 <= each.low <= each.estimate <= each.high <= 1_000_000
        assert each.low < each.high
        low, high = said(each).en.partition("(")[2].rstrip(")").split("–")
        assert float(low) < float(high), "it reads as if it had no width"


@pytest.mark.parametrize("others", [1, 2, 84, 5_000])
def test_where_no_stranger_was_seen_few_pairs_stay_uncertain(others: int) -> None:
    """The model alone says 100 % (100 to 100) here."""
    facts = calibrate(by_hand(others))
    assert facts is not None
    has_width(facts)
    # No wider than it must be: what so many pairs, all looked at and all right, would show.
    assert facts.precision_ppm.low == pytest.approx(
        1e6 * (others / 2) / (others / 2 + 3.8415), 1e-4
    )
    advised = advice(facts)[0].en
    assert ("leave them" in advised) == (others >= least_pairs(990_000))
    if others < 100:
        assert f"{others} pairs without NIK are too few" in advised


def test_where_every_pair_is_a_stranger() -> None:
    facts = calibrate(by_hand(60, strangers=20_000, free=400))
    assert facts is not None
    assert facts.precision_ppm.estimate < 20_000
    has_width(facts)
    assert "leave them" not in advice(facts)[0].en


def test_without_a_pair_there_is_no_precision_and_anybody_may_be_missed() -> None:
    facts = calibrate(by_hand(0, free=300))
    assert facts is not None
    has_width(facts)
    assert (facts.precision_ppm.low, facts.precision_ppm.high) == (0, 1_000_000)
    assert facts.recall_ppm.low == pytest.approx(1e6 * 150 / 450, abs=2)
    assert "no pairs" in summary(facts)[0].en
    assert "cannot be estimated" in advice(facts)[0].en


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 400),
    st.integers(0, 3_000),
    st.integers(100, 400),
    st.integers(0, 500),
    st.integers(1, 3),
)
def test_no_interval_has_no_width(
    others: int, strangers: int, nik: int, free: int, ways: int
) -> None:
    facts = calibrate(by_hand(others, strangers, nik, free, ways))
    assert facts is not None
    has_width(facts)
    assert floored(facts) == facts
    few = others < least_pairs(990_000)
    assert not (few and any("leave them" in words.en for words in advice(facts)))


@settings(max_examples=how_many(300, default=75))
@given(
    st.integers(0, 10**9),
    st.floats(0, 1),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(1, 5),
)
def test_shares_lie_in_their_intervals(
    count: int, share: float, low: int, high: int, decimals: int
) -> None:
    interval = wilson(share, count)
    assert interval.low <= round(1e6 * share) <= interval.high
    assert interval.low < interval.high
    both = widened(Interval(500_000, min(low, 500_000), max(high, 500_000)), interval)
    assert both.low <= interval.low < interval.high <= both.high
    shown = said(interval).en
    middle, _, ends = shown.partition("% (")
    least, most = map(float, ends.rstrip(")").split("–"))
    assert least <= float(middle) <= most
    assert least < most
    assert least <= interval.low / 10_000 + 1e-9
    assert most >= interval.high / 10_000 - 1e-9


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_ends_are_shares_that_are_just_contradicted(of: int, share: float) -> None:
    """The definition: at each end the share lies 1.96 standard errors of that end away."""
    interval = wilson(share, of)
    for end in (interval.low / 1e6, interval.high / 1e6):
        variance = 1.959964**2 * end * (1 - end)
        assert end in (0, 1) or of * (share - end) ** 2 == pytest.approx(variance, 1e-2, 1e-4)


def test_wilson_at_the_ends() -> None:
    """Of n things that are all right the share is at least n / (n + 1.96^2)."""
    for of in (1, 10, 84, 10_000):
        interval = wilson(1.0, of)
        assert interval.low == pytest.approx(1e6 * of / (of + 3.841459), abs=1.1)
        assert interval.high == 1_000_000
        assert wilson(0.0, of).high == pytest.approx(1e6 - interval.low, abs=1.1)
    assert wilson(0.5, 0) == Interval(500_000, 0, 1_000_000)


def test_too_few_niks_say_nothing() -> None:
    evidence, _, _ = drawn(np.random.default_rng(1))
    few = PairEvidence(
        evidence.left_rows,
        evidence.right_rows,
        evidence.encodings,
        *(
            column[~evidence.token]
            for column in (evidence.left, evidence.right, evidence.token, evidence.ways)
        ),
        evidence.margin_ppm[~evidence.token],
        evidence.accepted[~evidence.token],
    )
    assert calibrate(few) is None
    assert "NIK" in advice(None)[0].id


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_has_every_number_of_the_chart_and_no_script(language: str) -> None:
    facts = facts_of(STRANGERS)
    made = page([("a<b", facts), ("c", None)], "id" if language == "id" else "en")
    assert "a&lt;b" in made
    assert "<script" not in made
    for at in facts.curve:
        row = f"<td>{at.shift_ppm:,} ppm</td><td>{at.pairs:,}</td>"
        recall = f"<td>{at.recall_ppm.estimate / 10_000:.1f}"
        if language == "id":  # a thousand is 1.000 there, and a half 0,5
            row, recall = row.replace(",", "."), recall.replace(".", ",") + " "
        assert row in made
        assert f"{recall}% (" in made
    assert made.count("<circle") == 2 * len(facts.curve)
    for words in ("precision_ppm", "recall_ppm", "bands", "curve"):
        assert escape(UNSEEN[words].in_language("id" if language == "id" else "en")) in made
