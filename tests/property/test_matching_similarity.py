"""The search finds what anonlink finds, on any filters, at any threshold, in any tiles."""

from __future__ import annotations

from itertools import combinations
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from linkage_service.matching import (
    EncodedDataset,
    concatenate,
    dice_pairs,
    gather,
    match_tile,
    pack_words,
    plan_tiles,
)
from linkage_service.matching.candidates import Candidates
from padan.compat.anonlink import dice_coefficient_python as dice_coefficient
from tests.support.thorough import how_many

bitarray = pytest.importorskip("bitarray", reason="the oracle anonlink is not installed").bitarray
anonlink = pytest.importorskip("anonlink", reason="the oracle anonlink is not installed")
from anonlink.candidate_generation import find_candidate_pairs  # noqa: E402
from anonlink.similarities import (  # noqa: E402
    dice_coefficient_accelerated,
    dice_coefficient_python,
)

MATCHING = "linkage_service.matching"
WORD_LENGTHS = [64, 128, 192, 512, 1024, 4096]
ROUND_THRESHOLDS = [0, 1, 500_000, 600_000, 666_667, 750_000, 800_000, 900_000, 1_000_000]

lengths = st.sampled_from(WORD_LENGTHS) | st.integers(8, 64).map(lambda bytes_: 8 * bytes_)
thresholds_ppm = st.sampled_from(ROUND_THRESHOLDS) | st.integers(0, 1_000_000)


@st.composite
def filters(draw: st.DrawFn, bits: int, *, most: int = 300) -> NDArray[np.uint8]:
    """Bloom filters as bytes: sparse ones that tie often, dense ones, empty and full ones."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows = draw(st.integers(1, 12) | st.integers(100, most))
    density = random.choice([4 / bits, 0.05, 0.43, 0.9])
    base = random.random((draw(st.integers(1, 5)), bits)) < density
    # Rows are noisy copies of a few people, so that many pairs are similar.
    noise = random.random((rows, bits)) < random.choice([0.0, 1 / bits, 0.02, 0.3])
    set_bits = base[random.integers(0, base.shape[0], rows)] ^ noise
    set_bits[random.random(rows) < 0.05] = False
    set_bits[random.random(rows) < 0.05] = True
    return np.packbits(set_bits, axis=1)


@st.composite
def two_sides(draw: st.DrawFn, *, most: int = 300) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    bits = draw(lengths)
    both = draw(filters(bits, most=most)), draw(filters(bits, most=most))
    if draw(st.booleans()):  # some of the people of the left side on the right side
        return both[0], np.concatenate([both[1], both[0][::2]])[:most]
    return both


def as_bitarrays(filters: NDArray[np.uint8]) -> list[bitarray]:
    return [bitarray(np.unpackbits(row).tolist()) for row in filters]


def triples(found: Candidates) -> list[tuple[float, int, int]]:
    columns = (found.similarity, found.left_row, found.right_row)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@settings(max_examples=how_many(600, default=150))
@given(two_sides(), thresholds_ppm, st.none() | st.integers(0, 4), st.none() | st.integers(1, 64))
def test_all_pairs_are_those_of_anonlink(
    sides: tuple[NDArray[np.uint8], NDArray[np.uint8]],
    threshold_ppm: int,
    k: int | None,
    fold: int | None,
) -> None:
    """Whatever the trial chooses to compare at first: folds of any length, or all words."""
    left, right = pack_words(sides[0]), pack_words(sides[1])
    with mock.patch(f"{MATCHING}.folds._WORTH_A_TRIAL", 0):
        if fold is None:
            found = dice_pairs(left, right, threshold_ppm, k=k)
        else:
            words = min(fold, left.shape[1])
            with mock.patch(f"{MATCHING}.similarity.best_length", return_value=words):
                found = dice_pairs(left, right, threshold_ppm, k=k)
    expected = dice_coefficient_python(
        [as_bitarrays(side) for side in sides], threshold_ppm / 1_000_000, k
    )
    assert triples(found) == list(zip(expected[0], *expected[1], strict=True))


@settings(max_examples=how_many(100, default=50))
@given(two_sides(), thresholds_ppm)
def test_accelerated_anonlink_differs_at_the_threshold_alone(
    sides: tuple[NDArray[np.uint8], NDArray[np.uint8]], threshold_ppm: int
) -> None:
    """anonlink 0.15.3 rounds its popcount bound down and so misses pairs that just reach it."""
    found = triples(dice_pairs(pack_words(sides[0]), pack_words(sides[1]), threshold_ppm))
    sims, rows = dice_coefficient_accelerated(
        [as_bitarrays(side) for side in sides], threshold_ppm / 1_000_000
    )
    expected = list(zip(sims, *rows, strict=True))
    assert set(expected) <= set(found)
    missed = set(found) - set(expected)
    assert all(similarity == threshold_ppm / 1_000_000 for similarity, _, _ in missed)


@settings(max_examples=60)
@given(
    lengths.flatmap(lambda bits: st.lists(filters(bits, most=130), min_size=2, max_size=3)),
    st.floats(0, 1.1),
    st.none() | st.integers(1, 3),
)
def test_anonlink_finds_the_same_candidates_with_our_function(
    datasets: list[NDArray[np.uint8]], threshold: float, k: int | None
) -> None:
    records = [as_bitarrays(dataset) for dataset in datasets]
    ours = find_candidate_pairs(records, dice_coefficient, threshold, k=k)
    assert ours == find_candidate_pairs(records, dice_coefficient_python, threshold, k=k)


def test_the_interface_takes_filters_of_any_length_and_empty_sides() -> None:
    odd = [bitarray("1011101"), bitarray("0000000"), bitarray("1011100")]
    for datasets in ([odd, odd[::-1]], [odd, []], [[], odd], [[bitarray()], [bitarray()]]):
        assert dice_coefficient(datasets, 0.5, k=2) == dice_coefficient_python(datasets, 0.5, k=2)
    with pytest.raises(ValueError, match="length"):
        dice_coefficient([odd, [bitarray("1")]], 0.5)
    with pytest.raises(NotImplementedError, match="too many datasets"):
        dice_coefficient([odd, odd, odd], 0.5)


@st.composite
def datasets_with_two_encodings(draw: st.DrawFn) -> list[EncodedDataset]:
    """Two or three datasets; the second encoding is another one of the same people."""
    bits = draw(st.tuples(lengths, lengths))
    datasets = []
    for number in range(draw(st.integers(2, 3))):
        random = np.random.default_rng(number)
        clk = pack_words(draw(filters(bits[0], most=140)))
        shadow = pack_words(draw(filters(bits[1], most=140)))
        encodings = {"clk": clk, "shadow": shadow[random.integers(0, len(shadow), len(clk))]}
        tokens = random.integers(0, 256, (len(clk), 16), np.uint8)
        datasets.append(EncodedDataset(f"d{number}", encodings, tokens))
    return datasets


@settings(max_examples=60)
@given(
    datasets_with_two_encodings(), st.integers(1, 150), st.tuples(thresholds_ppm, thresholds_ppm)
)
def test_tiles_of_any_size_give_every_pair_its_best_similarity(
    datasets: list[EncodedDataset], tile_rows: int, thresholds: tuple[int, int]
) -> None:
    wanted = dict(zip(("clk", "shadow"), thresholds, strict=True))
    tiles = plan_tiles([dataset.rows for dataset in datasets], tile_rows)
    if len(tiles) > 400:
        tiles = plan_tiles([dataset.rows for dataset in datasets], 31)
    parts = [
        match_tile(datasets[t.left_dataset], datasets[t.right_dataset], t, wanted) for t in tiles
    ]
    assert all(same(part, part.unique().ordered()) for part in parts)
    found = gather(reversed(parts))
    assert len(found) == sum(map(len, parts))  # no pair of records is in two tiles
    assert same(found, all_pairs_of(datasets, wanted))


def all_pairs_of(datasets: list[EncodedDataset], thresholds: dict[str, int]) -> Candidates:
    """Without tiles, an encoding and a pair of datasets at a time."""
    parts = []
    for left, right in combinations(range(len(datasets)), 2):
        for name, ppm in thresholds.items():
            a, b = datasets[left].encodings[name], datasets[right].encodings[name]
            parts.append(dice_pairs(a, b, ppm).placed(left, right, 0, 0))
    best: dict[tuple[int, ...], float] = {}
    for similarity, *pair in zip(*(c.tolist() for c in concatenate(parts).columns()), strict=True):
        best[tuple(pair)] = max(similarity, best.get(tuple(pair), 0.0))
    ranked = sorted((-similarity, *pair) for pair, similarity in best.items())
    columns = np.array(ranked, np.float64).reshape(-1, 5).T
    dtypes = [column.dtype for column in concatenate([]).columns()]
    return Candidates(
        -columns[0], *(c.astype(d) for c, d in zip(columns[1:], dtypes[1:], strict=True))
    )


def same(one: Candidates, other: Candidates) -> bool:
    return one.to_bytes() == other.to_bytes()
