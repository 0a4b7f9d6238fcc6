"""`matching.order` and `matching.top_k`, beside the plainest way to say what they mean."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage_service.intake.arrays import RunData
from linkage_service.matching import Candidates, concatenate, gather, limit, ordering
from linkage_service.runs import outcome, plans
from policy.charter import Charter
from tests.property.test_matching_incremental import (
    NAMES,
    THRESHOLDS,
    TILE_ROWS,
    charter,
    found_by,
    ordered,
    random_rows,
    run_data,
)
from tests.support.thorough import how_many

Record = tuple[int, int]
Pair = tuple[Record, Record]
Columns = list[list[float]]


def columns(pairs: Candidates) -> Columns:
    return [column.tolist() for column in pairs.columns()]


def pairs_of(found: Candidates) -> list[Pair]:
    sides = (found.left_dataset, found.left_row), (found.right_dataset, found.right_row)
    left, right = (list(zip(dataset.tolist(), row.tolist(), strict=True)) for dataset, row in sides)
    return list(zip(left, right, strict=True))


def kept(found: Candidates, k: int) -> Columns:
    """The k most similar of either record's list, lower rows first; all with one NIK token."""
    similarity = dict(zip(pairs_of(found), found.similarity.tolist(), strict=True))
    stay = {pair for pair, each in similarity.items() if each > 1}
    others = [pair for pair in similarity if pair not in stay]
    for mine, theirs in ((0, 1), (1, 0)):
        for record in {pair[mine] for pair in others}:
            for dataset in range(len(NAMES)):
                here = [p for p in others if p[mine] == record and p[theirs][0] == dataset]
                here.sort(key=lambda pair: (-similarity[pair], pair[theirs]))
                stay.update(here[:k])
    mask = np.array([pair in stay for pair in pairs_of(found)], np.bool_)
    return columns(found.take(mask))


@st.composite
def some_pairs(draw: st.DrawFn) -> Candidates:
    """Pairs that come several times, with similarities of few values; tokens found some."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=3, max_size=3))
    records = [(dataset, row) for dataset, size in enumerate(sizes) for row in range(size)]
    across = [pair for pair in combinations(records, 2) if pair[0][0] != pair[1][0]]
    chosen = draw(st.lists(st.sampled_from(across), max_size=80))
    likeness = st.sampled_from([0.5, 0.6, 0.7])
    similarity = draw(st.lists(likeness, min_size=len(chosen), max_size=len(chosen)))
    tokens = draw(st.lists(st.sampled_from(across), max_size=6))
    ends = np.array([*tokens, *chosen], np.int64).reshape(-1, 2, 2)
    return Candidates(
        np.array([*[1.6] * len(tokens), *similarity], np.float64),
        ends[:, 0, 0].astype(np.uint16),
        ends[:, 1, 0].astype(np.uint16),
        ends[:, 0, 1].astype(np.uint32),
        ends[:, 1, 1].astype(np.uint32),
    )


@settings(max_examples=how_many(200, default=50))
@given(some_pairs(), st.integers(1, 4), st.integers(1, 30), st.integers(0, 2**32))
def test_a_limit_keeps_the_best_of_either_record(
    found: Candidates, k: int, at_once: int, seed: int
) -> None:
    """However the pairs come in parts, as long as those of tokens come first."""
    tokens = np.flatnonzero(found.similarity > 1)
    others = np.random.default_rng(seed).permutation(np.flatnonzero(found.similarity <= 1))
    cut = [others[at : at + 3] for at in range(0, len(others), 3)]
    parts = [found.take(rows) for rows in [tokens, *cut]]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ordering, "PAIRS_AT_ONCE", at_once)
        stays, everything = limit.gather_best(parts, k), gather(parts)
    assert columns(stays) == kept(found.unique().ordered(), k)
    assert columns(everything) == columns(found.unique().ordered())


def random_data(seed: int) -> RunData:
    random = np.random.default_rng(seed)
    return run_data([random_rows(random, int(random.integers(1, 25))) for _ in NAMES], tagged=False)


def standing(data: RunData, agreed: Charter, tile_rows: int = TILE_ROWS) -> Candidates:
    order = ordered(agreed)
    found = found_by(plans.whole(data, agreed, order, tile_rows))
    pairs = outcome.candidates(data, agreed, order, found)
    return outcome.standing(pairs, data, agreed, order)


@settings(max_examples=60)
@given(
    st.integers(0, 2**32),
    st.booleans(),
    st.sampled_from(["similarity", "household"]),
    st.integers(1, 3),
    st.integers(1, 30),
)
def test_a_run_keeps_the_best_of_what_stands_however_it_was_cut(
    seed: int, graded: bool, order: str, k: int, tile_rows: int
) -> None:
    data = random_data(seed)
    everything = standing(data, charter("one-to-one", graded, order))
    limited = standing(data, charter("one-to-one", graded, order, k), tile_rows)
    assert columns(limited) == kept(everything, k)


def reaches(data: RunData, name: str) -> Callable[[Pair], bool]:
    """By hand: whether two rows reach the threshold of this encoding."""

    def answer(pair: Pair) -> bool:
        one, other = (int(data.datasets[d].encoding(name)[row, 0]) for d, row in pair)
        common = 2 * (one & other).bit_count() * 1_000_000
        return common >= THRESHOLDS[name] * (one.bit_count() + other.bit_count())

    return answer


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.booleans())
def test_pairs_of_one_family_card_go_before_those_of_none(seed: int, graded: bool) -> None:
    data = random_data(seed)
    plain = standing(data, charter("one-to-one", graded))
    families = standing(data, charter("one-to-one", graded, "household"))

    unsure = set(pairs_of(plain)) - set(pairs_of(plain.certain()))
    one_nik = set(pairs_of(plain.take(plain.similarity > 1)))
    of_cards = reaches(data, "shadow")

    def place(pair: Pair) -> tuple[bool, bool]:
        return pair in unsure, pair not in one_nik and not of_cards(pair)

    # A stable sort: inside each class the order is that of similarity.
    assert pairs_of(families) == sorted(pairs_of(plain), key=place)
    assert set(pairs_of(families.certain())) == set(pairs_of(plain.certain()))


def test_some_family_goes_before_a_more_similar_pair() -> None:
    """The comparison above would hold of data in which no pair changes its place as well."""
    moved = [
        pairs_of(standing(data, charter("one-to-one", order="household")))
        != pairs_of(standing(data, charter("one-to-one")))
        for data in map(random_data, range(20))
    ]
    assert sum(moved) > 5


def test_parts_need_no_order() -> None:
    """Nor does a pair that comes twice take two places."""
    once = Candidates(
        np.array([0.6, 0.7, 0.5]),
        np.zeros(3, np.uint16),
        np.ones(3, np.uint16),
        np.zeros(3, np.uint32),
        np.array([0, 1, 1], np.uint32),
    )
    stays = limit.gather_best([once, concatenate([once, once])], 1)
    # On the right row 0 has one candidate only, so it stays, though it is not the best of that one.
    assert columns(stays) == [[0.7, 0.6], [0, 0], [1, 1], [0, 0], [1, 0]]
