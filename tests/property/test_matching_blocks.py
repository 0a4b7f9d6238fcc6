"""Blocks and tables leave pairs out by design, and by nothing else."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from linkage_service.matching import (
    BlockTile,
    Candidates,
    EncodedDataset,
    Sampling,
    blocks_of,
    concatenate,
    derived,
    dice_pairs,
    match_unit,
    match_within,
    plan_blocks,
    plan_tables,
    plan_within,
)
from linkage_service.matching import blocks as block_search
from linkage_service.matching.flood import require_no_flood
from linkage_service.matching.sampling import met_in_one, search_table
from policy.base.errors import BadInput
from policy.base.shares import wilson

THRESHOLDS = {"utama": 600_000}
TAG_BITS = 2
Filters = NDArray[np.uint64]

sides = st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))


def related(left: int, right: int, seed: int) -> tuple[Filters, Filters]:
    """Filters of 128 bits, of which some are much alike."""
    random = np.random.default_rng(seed)
    kinds = random.integers(0, 256, (6, 16), np.uint8)
    found = []
    for rows in (left, right):
        noise = random.random((rows, 128)) < 0.08
        found.append(kinds[random.integers(0, 6, rows)] ^ np.packbits(noise, axis=1))
    return found[0].view(np.uint64), found[1].view(np.uint64)


def dataset(name: str, filters: Filters, tags: NDArray[np.uint32] | None = None) -> EncodedDataset:
    blocks = {} if tags is None else {"utama": blocks_of(tags, 1 << TAG_BITS)}
    tokens = np.zeros((len(filters), 16), np.uint8)
    return EncodedDataset(name, {"utama": filters}, tokens, blocks)


def as_list(pairs: Candidates) -> list[tuple[float, int, int]]:
    rows = zip(pairs.similarity, pairs.left_row, pairs.right_row, strict=True)
    return sorted((float(s), int(a), int(b)) for s, a, b in rows)


@settings(max_examples=60)
@given(sides, st.integers(1, 400), st.sampled_from([1, 50, 1 << 16]))
def test_tags_keep_exactly_the_pairs_of_one_tag(
    side: tuple[int, int, int], most_pairs: int, small: int
) -> None:
    left, right = related(*side)
    random = np.random.default_rng(side[2])
    tags = [random.integers(0, 3, len(each)).astype(np.uint32) for each in (left, right)]
    ours, theirs = dataset("kiri", left, tags[0]), dataset("kanan", right, tags[1])
    both = ours.blocks["utama"], theirs.blocks["utama"]
    units = plan_blocks(0, 1, "utama", both, most_pairs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(block_search, "_SMALL_BLOCK", small)
        found = [match_unit(ours, theirs, unit, THRESHOLDS, {}) for unit in units]
    everyone = dice_pairs(left, right, THRESHOLDS["utama"])
    same = tags[0][everyone.left_row] == tags[1][everyone.right_row]
    assert as_list(concatenate(found)) == as_list(everyone.take(same))
    assert all(unit.comparisons <= most_pairs + len(right) for unit in units)


@settings(max_examples=30)
@given(sides, st.integers(1, 20))
def test_inside_a_dataset_tags_keep_the_pairs_of_one_tag(
    side: tuple[int, int, int], tile_rows: int
) -> None:
    filters, _ = related(*side)
    tags = np.random.default_rng(side[2]).integers(0, 3, len(filters)).astype(np.uint32)
    mine = dataset("kiri", filters, tags)
    units = plan_within(0, mine, THRESHOLDS, tile_rows)
    assert all(isinstance(unit, BlockTile) for unit in units)
    found = concatenate(match_within(mine, unit, THRESHOLDS) for unit in units)
    everyone = dice_pairs(filters, filters, THRESHOLDS["utama"])
    kept = everyone.left_row < everyone.right_row
    kept &= tags[everyone.left_row] == tags[everyone.right_row]
    assert as_list(found) == as_list(everyone.take(kept))


@settings(max_examples=40)
@given(sides, st.integers(4, 40), st.integers(1, 6))
def test_tables_find_each_pair_that_agrees_on_one_of_them_once(
    side: tuple[int, int, int], width: int, tables: int
) -> None:
    left, right = related(*side)
    sampling = Sampling(128, width, tables, 0.0)
    ours, theirs = dataset("kiri", left), dataset("kanan", right)
    units = plan_tables(0, 1, "utama", (len(left), len(right)), sampling)
    samplings = {(0, 1, "utama"): sampling}
    found = [match_unit(ours, theirs, unit, THRESHOLDS, samplings) for unit in units]
    everyone = dice_pairs(left, right, THRESHOLDS["utama"])
    differ = left[everyone.left_row] ^ right[everyone.right_row]
    masks = sampling.masks()
    assert np.all(np.bitwise_count(masks).sum(axis=1) == width)
    agrees = np.any(np.all(differ[:, None, :] & masks == 0, axis=2), axis=1)
    assert as_list(concatenate(found)) == as_list(everyone.take(agrees))


def test_derived_tables_find_the_share_that_was_asked_for() -> None:
    """Pairs right at the threshold, the hardest; strangers hardly meet."""
    random = np.random.default_rng(3)
    bits = random.random((4_000, 1_024)) < 0.4
    noise = random.random(bits.shape) < np.where(bits, 0.13, 0.13 * 0.4 / 0.6)
    left, right = (np.packbits(each, axis=1).view(np.uint64) for each in (bits, bits ^ noise))
    threshold_ppm = 850_000
    sampling = derived("utama", left, right, threshold_ppm, 950_000)
    exact = dice_pairs(left, right, threshold_ppm)
    assert len(exact) > 2_000
    found = sum(
        len(search_table(left, right, sampling, table, threshold_ppm))
        for table in range(sampling.tables)
    )
    assert sampling.expected_recall >= 0.95
    assert 0.95 <= found / len(exact) < 1.0


def test_what_is_promised_is_found_right_at_the_threshold() -> None:
    """Tables sample bits without replacement: in short filters that finds fewer pairs."""
    random = np.random.default_rng(8)
    bits, size, differing, pairs = 256, 100, 20, 3_000
    left, right = np.zeros((2, pairs, bits), bool)
    for one, other in zip(left, right, strict=True):
        chosen = random.permutation(bits)[: size + differing // 2]
        one[chosen[:size]] = other[chosen[differing // 2 :]] = True
    ours, theirs = (np.packbits(each, axis=1).view(np.uint64) for each in (left, right))
    threshold_ppm = 900_000
    sampling = derived("utama", ours, theirs, threshold_ppm, 900_000)
    differ = ours ^ theirs
    assert set(np.bitwise_count(differ).sum(axis=1).tolist()) == {differing}
    found = np.any(np.all(differ[:, None, :] & sampling.masks() == 0, axis=2), axis=1)
    assert sampling.least_recall >= 0.9
    assert found.mean() >= sampling.least_recall
    assert wilson(found.mean(), pairs).high >= round(1e6 * sampling.expected_recall)


@pytest.mark.parametrize("popular", [1.0, 8.0])
def test_the_promise_holds_for_19_of_20_draws_of_the_tables(popular: float) -> None:
    """However many pairs there are: they share the tables, and popular bits are in many."""
    random = np.random.default_rng(8)
    bits, size, differing, pairs = 256, 100, 20, 1_500
    weights = np.where(np.arange(bits) < bits // 4, popular, 1.0)
    # A filter's bits, then what a misspelling sets in place of some of them: by popularity.
    order = np.argsort(-(random.random((pairs, bits)) ** (1 / weights)), axis=1)
    filters = np.zeros((2, pairs, bits), bool)
    for one, other, bit in zip(*filters, order, strict=True):
        own = random.permutation(bit[:size])
        one[own] = other[own[differing // 2 :]] = True
        other[bit[size : size + differing // 2]] = True
    ours, theirs = (np.packbits(each, axis=1).view(np.uint64) for each in filters)
    sampling = derived("utama", ours, theirs, 900_000, 900_000)
    differ = filters[0] ^ filters[1]
    assert set(differ.sum(axis=1).tolist()) == {differing}
    kept_promise = 0
    for draw in range(200):
        tables = np.random.default_rng(draw)
        missed = np.ones(pairs, bool)
        for _ in range(sampling.tables):
            missed &= differ[:, tables.permutation(bits)[: sampling.width]].any(axis=1)
        kept_promise += 1 - missed.mean() >= 0.9
    assert kept_promise >= 0.9 * 200


def test_a_met_pair_is_as_likely_as_drawing_its_bits() -> None:
    """Exactly the hypergeometric distribution."""
    for bits, width in ((64, 8), (128, 30)):
        met = met_in_one(bits, width)
        for differing in (0, 1, 7, 33, bits - width, bits - width + 1, bits):
            exact = math.comb(bits - differing, width) / math.comb(bits, width)
            assert math.isclose(met[differing], exact, rel_tol=1e-12)


def test_where_strangers_are_as_near_as_people_tables_are_refused() -> None:
    """Hardened encodings: half of the bits are set, and the threshold is near .6."""
    random = np.random.default_rng(3)
    left, right = random.integers(0, 2**64, (2, 500, 8), np.uint64)
    with pytest.raises(BadInput, match="do not tell"):
        derived("utama", left, right, 610_000, 900_000)


def test_rows_taken_keep_their_tags() -> None:
    tags = np.array([3, 0, 2, 3, 0], np.uint32)
    taken = blocks_of(tags, 4).take(np.array([4, 3, 0]))
    assert taken.order.tolist() == [0, 1, 2]
    assert taken.sizes.tolist() == [1, 0, 0, 2]


def test_a_flood_inside_blocks_is_seen_before_the_search() -> None:
    """Two blocks of 300 rows: in the first all pass, in the second none; 90,000 of 180,000."""
    random = np.random.default_rng(2)
    strangers = random.integers(0, 2**64, (300, 4), np.uint64)
    left = np.concatenate([np.full((300, 4), 7, np.uint64), strangers])
    right = np.concatenate([np.full((300, 4), 7, np.uint64), ~strangers])
    blocks = blocks_of(np.repeat(np.arange(2, dtype=np.uint32), 300), 2)
    with pytest.raises(BadInput, match=r"some (89|90),"):
        require_no_flood("utama", left, right, 900_000, most=80_000, blocks=(blocks, blocks))
    require_no_flood("utama", left, right, 900_000, most=100_000, blocks=(blocks, blocks))
