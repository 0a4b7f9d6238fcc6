"""The NIK leg is a join on tokens with a floor, and survives tokens that everybody has."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage_service.matching import EncodedDataset, gather, match_tile, match_tokens, plan_tiles
from tests.support.thorough import how_many


@st.composite
def dataset_with_shared_tokens(draw: st.DrawFn, name: str) -> EncodedDataset:
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows = draw(st.integers(1, 60))
    # Tokens that differ in their last byte alone, or in their first one alone.
    tokens = np.zeros((rows, 16), np.uint8)
    tokens[:, 15] = random.integers(0, draw(st.integers(1, 30)), rows)
    tokens[:, 0] = random.integers(0, 3, rows)
    density = random.choice([0.0, 0.1, 0.5, 1.0], rows)[:, None, None]
    bits = random.random((rows, 2, 64)) < density
    words = np.packbits(bits, axis=2).view(np.uint64)
    return EncodedDataset(name, {"clk": words[:, 0], "shadow": words[:, 1]}, tokens)


def dice_ppm(left: EncodedDataset, right: EncodedDataset, i: int, j: int) -> tuple[float, int]:
    """The best Dice coefficient of a pair and the same in whole parts per million, cut off."""
    best = (0.0, 0)
    for name in ("clk", "shadow"):
        a, b = int(left.encodings[name][i, 0]), int(right.encodings[name][j, 0])
        bits = a.bit_count() + b.bit_count()
        common = (a & b).bit_count()
        if bits:
            best = max(best, (2 * common / bits, 2_000_000 * common // bits))
    return best


@settings(max_examples=how_many(150, default=50))
@given(
    dataset_with_shared_tokens("left"),
    dataset_with_shared_tokens("right"),
    st.sampled_from([1, 100_000, 500_000, 666_666, 1_000_000]),
    st.integers(1, 8),
)
def test_token_matches_are_those_of_a_naive_join(
    left: EncodedDataset, right: EncodedDataset, floor_ppm: int, most_rows: int
) -> None:
    of_left, of_right = rows_by_token(left), rows_by_token(right)
    expected = []
    for token in of_left.keys() & of_right.keys():
        pairs = [(i, j) for i in of_left[token] for j in of_right[token]]
        if max(len(of_left[token]), len(of_right[token])) > most_rows:
            continue
        for i, j in pairs:
            similarity, ppm = dice_ppm(left, right, i, j)
            if ppm >= floor_ppm:
                expected.append((-(1.0 + similarity), i, j))
    found = match_tokens(
        left,
        right,
        left_dataset=3,
        right_dataset=7,
        encodings=["clk", "shadow"],
        floor_ppm=floor_ppm,
        most_rows=most_rows,
    )
    columns = found.columns()
    assert {(3, 7)} >= set(zip(columns[1].tolist(), columns[2].tolist(), strict=True))
    rows = zip(*((-columns[0]).tolist(), columns[3].tolist(), columns[4].tolist()), strict=False)
    assert list(rows) == sorted(expected)


def rows_by_token(dataset: EncodedDataset) -> dict[bytes, list[int]]:
    rows: dict[bytes, list[int]] = {}
    for row, token in enumerate(dataset.tokens):
        rows.setdefault(token.tobytes(), []).append(row)
    return rows


def test_a_token_that_everybody_has_is_dropped_at_once() -> None:
    """400 000 rows with one token would be 4 * 10^10 pairs."""
    rows = 200_000
    words = np.full((rows, 16), 0x0F0F, np.uint64)
    tokens = np.zeros((rows, 16), np.uint8)
    tokens[:5] = np.arange(5, dtype=np.uint8)[:, None] + 1
    dataset = EncodedDataset("d", {"clk": words}, tokens)
    found = match_tokens(
        dataset, dataset, left_dataset=0, right_dataset=1, encodings=["clk"], floor_ppm=1
    )
    assert len(found) == 5


def test_token_matches_rank_before_all_others() -> None:
    words = np.array([[0b1111], [0b0001]], np.uint64)
    tokens = np.array([[1] * 16, [2] * 16], np.uint8)
    left = EncodedDataset("left", {"clk": words}, tokens)
    right = EncodedDataset("right", {"clk": words}, tokens[::-1].copy())
    leg = match_tokens(left, right, left_dataset=0, right_dataset=1, encodings=["clk"], floor_ppm=1)
    (tile,) = plan_tiles([2, 2], 10)
    found = gather([match_tile(left, right, tile, {"clk": 300_000}), leg])
    assert found.similarity.tolist() == [1.4, 1.4, 1.0, 1.0]
    assert found.right_row.tolist() == [1, 0, 0, 1]
