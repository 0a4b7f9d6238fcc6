"""However many pairs pass: parts that fit in memory, and a word in advance."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from linkage_service.matching import Candidates, concatenate, dice_pairs, similarity
from linkage_service.matching.flood import require_no_flood
from linkage_service.matching.similarity import dice_parts
from policy.base.errors import BadInput


def filters(rows: int, seed: int) -> NDArray[np.uint64]:
    """Half of the bits set: half of the pairs reach Dice 0.5."""
    return np.random.default_rng(seed).integers(0, 2**64, (rows, 4), dtype=np.uint64)


def columns(found: Candidates) -> list[list[float]]:
    return [column.tolist() for column in found.columns()]


def test_parts_together_are_all_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "COMPARISONS_AT_ONCE", 20_000)
    left, right = filters(700, 1), filters(300, 2)
    parts = list(dice_parts(left, right, 500_000))
    assert len(parts) == 11
    assert max(map(len, parts)) <= 20_000
    every_pair = columns(dice_pairs(left, right, 500_000))
    assert columns(concatenate(parts).ordered()) == every_pair
    assert len(every_pair[0]) > 90_000


def test_a_flood_is_told_before_the_search_with_a_threshold_that_holds() -> None:
    left, right = filters(3_000, 1), filters(3_000, 2)
    with pytest.raises(BadInput) as caught:
        require_no_flood("nama", left, right, 500_000, most=100_000)
    assert caught.value.code == "matching.flood"
    advised = int(caught.value.hint.en.split("about ")[1].rstrip("."))
    assert 500_000 < advised < 700_000
    assert len(dice_pairs(left, right, advised)) < 120_000
    require_no_flood("nama", left, right, advised, most=100_000)
    require_no_flood("nama", left[:300], right[:300], 0, most=100_000)


def test_memory_stays_bounded_where_half_of_the_pairs_pass() -> None:
    code = """
from tests.support.memory import peak_bytes
from tests.unit.test_matching_results import filters
from linkage_service.matching.similarity import dice_parts
left, right = filters(7_000, 1), filters(7_000, 2)
list(dice_parts(left[:10], right[:10], 0))
before = peak_bytes()
pairs = sum(len(part) for part in dice_parts(left, right, 500_000))
grown = peak_bytes() - before
print(pairs, grown)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    pairs, grown = map(int, done.stdout.split())
    assert pairs > 24_000_000  # 490 MB as candidates, and as much again while ordered
    assert grown < 600 * 2**20
