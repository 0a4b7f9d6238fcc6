"""What canaries promise is what happens: statistics over many draws, from fixed seeds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from encoder.encoding.canaries import Expected, check_canaries
from encoder.encoding.canaries.check import by_chance
from policy.charter.canary_odds import caught, enough, promise
from tests.benchmarks.quality.methods import default_charter
from tests.support.canaries import ALIKE, FOUR, charter_of

CANARIES, PEOPLE, TRIALS = 150, 3_000, 4_000


@pytest.mark.parametrize("share", [0.001, 0.01, 0.05, 0.5])
def test_a_service_that_drops_a_share_of_all_matches_is_caught_as_often_as_promised(
    share: float,
) -> None:
    """It cannot tell them apart: canaries are any of the rows, and it drops any of the rows."""
    rng = np.random.default_rng(1)
    slots = {number.to_bytes(16, "big"): number for number in range(CANARIES)}
    expected = Expected(CANARIES, frozenset(range(CANARIES)))
    noticed = 0
    for _ in range(TRIALS):
        kept = rng.permutation(CANARIES + PEOPLE)[: round((CANARIES + PEOPLE) * (1 - share))]
        released = [int(row).to_bytes(16, "big") for row in kept[kept < CANARIES]]
        noticed += check_canaries(expected, slots, released).verdict == "missing"
    promised = caught(CANARIES, share)
    error = 4 * (max(promised * (1 - promised), 1e-4) / TRIALS) ** 0.5
    # So many are dropped and no more: that catches a little oftener than a coin for each row.
    assert promised - error <= noticed / TRIALS <= promised + error + 0.02


def test_so_many_canaries_are_enough() -> None:
    assert enough() == 299
    assert caught(enough()) >= 0.95 > caught(enough() - 1)
    assert caught(16) < 0.15


def test_what_lint_promises_grows_with_the_list() -> None:
    said = promise(default_charter(), "dtks")
    assert "1 % (1 must match) (shortest list) to 100 % (212,500 must match)" in said.en
    assert "1 % (1 harus cocok)" in said.id
    alike = promise(charter_of(FOUR, ALIKE), "dtks")
    assert alike.en.count("15 % (16 must match)") == 2


def test_chance_accuses_nobody_and_is_no_cover() -> None:
    """A stranger may look like a canary; as many as chance gives are let pass, and no more."""
    slots = {number.to_bytes(16, "big"): number for number in range(100)}
    expected = Expected(100, frozenset(range(80)), frozenset(range(80, 90)), strangers=1_000_000)
    most = by_chance(10 * 1_000_000 * 2e-8)

    def verdict(*found: range) -> str:
        handles = [number.to_bytes(16, "big") for some in found for number in some]
        return check_canaries(expected, slots, handles).verdict

    assert verdict(range(90)) == "all-as-expected"
    assert verdict(range(90 - most), range(90, 90)) == "all-as-expected"
    assert verdict(range(90 - most - 1)) == "missing"
    assert verdict(range(90 + most)) == "all-as-expected"
    assert verdict(range(90 + most + 1)) == "unexpected"
    # Whoever has a NIK in common with another canary is there, whatever strangers there are.
    assert verdict(range(1, 90)) == "missing"
    assert verdict(range(79), range(90, 100)) == "missing-and-unexpected"
    # A search that may overlook one pair in ten loses some of the others, and no NIK.
    expected = replace(expected, overlooked=0.1)
    assert verdict(range(85)) == "all-as-expected"
    assert verdict(range(79)) == "missing"


@pytest.mark.parametrize("mean", [0.0, 0.01, 1.0, 30.0])
def test_chance_is_hardly_ever_more(mean: float) -> None:
    counts = np.random.default_rng(2).poisson(mean, 200_000)
    assert (counts > by_chance(mean)).mean() <= 1e-5
    assert by_chance(mean) <= mean + 6 * mean**0.5 + 6
