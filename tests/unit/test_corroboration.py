"""One weak likeness is none; two of different kinds are, and so is one strong one."""

from __future__ import annotations

import numpy as np
import pytest

from linkage_service.matching import Candidates, EncodedDataset, MatchRule, corroborated

BITS = 1000
THRESHOLDS = {"kk": 600_000, "kk-nama": 600_000, "lahir": 600_000}
ALONE = {"kk": 700_000, "kk-nama": 800_000, "lahir": 700_000}
SALTED_BY = {
    "kk": frozenset({"kk"}),
    "kk-nama": frozenset({"kk"}),
    "lahir": frozenset({"lahir"}),
}


def filters(*dice: float) -> tuple[np.ndarray, np.ndarray]:
    """Two sides of `BITS` bits each, whose rows have these Dice coefficients."""
    left = np.zeros((len(dice), 2 * BITS), np.uint8)
    right = left.copy()
    left[:, :BITS] = 1
    for row, value in enumerate(dice):
        start = BITS - round(value * BITS)
        right[row, start : start + BITS] = 1
    return tuple(
        np.pad(np.packbits(side, axis=1), ((0, 0), (0, 6))).view(np.uint64)
        for side in (left, right)
    )


def stands(kk: float, kk_nama: float, lahir: float, similarity: float = 0.65) -> bool:
    """Whether a pair with these Dice coefficients stands, beside one that never does."""
    sides = {
        name: filters(value, 0.1)
        for name, value in {"kk": kk, "kk-nama": kk_nama, "lahir": lahir}.items()
    }
    tokens = np.zeros((2, 16), np.uint8)
    datasets = [
        EncodedDataset(str(side), {name: each[side] for name, each in sides.items()}, tokens)
        for side in (0, 1)
    ]
    rows, number = np.arange(2, dtype=np.uint32), np.zeros(2, np.uint16)
    pairs = Candidates(np.array([similarity, 0.61]), number, number + np.uint16(1), rows, rows)
    found = corroborated(pairs, datasets, MatchRule(THRESHOLDS, ALONE, SALTED_BY))
    assert 1 not in found.left_row.tolist()
    return len(found) == 1


@pytest.mark.parametrize(
    ("dice", "expected"),
    [
        ((0.69, 0.1, 0.1), False),  # one weak likeness
        ((0.70, 0.1, 0.1), True),  # one strong one, right at its bound
        ((0.65, 0.79, 0.1), False),  # two of one kind: the same family card
        ((0.65, 0.1, 0.60), True),  # two kinds
        ((0.59, 0.1, 0.69), False),  # the second is below its threshold
        ((0.1, 0.80, 0.1), True),
    ],
)
def test_a_pair_stands_by_one_strong_encoding_or_two_of_different_kinds(
    dice: tuple[float, float, float], expected: bool
) -> None:
    assert stands(*dice) is expected


def test_who_shares_a_nik_needs_no_more() -> None:
    """Their likeness was held against the floor already."""
    assert stands(0.1, 0.1, 0.1, similarity=1.58)
