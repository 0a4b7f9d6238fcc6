"""Owners read how a run went in bands, of their own lists alone."""

from __future__ import annotations

import pytest

from policy.gates.bands import Bands, coarse_counts, in_words
from policy.gates.facts import DomainFacts, MembershipFacts, RunFacts
from tests.support.republic import charter_from, charter_tree


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0, 12),
        (11, 0, 12),
        (12, 12, 100),
        (99, 12, 100),
        (100, 100, 1000),
        (123_456, 100_000, 1_000_000),
    ],
)
def test_bands_begin_at_the_smallest_cell(count: int, low: int, high: int) -> None:
    band = Bands(12).of(count)
    assert (band.low, band.high) == (low, high)


def test_a_thousand_reads_as_one_in_each_language() -> None:
    said = in_words(Bands(5).of(1234))
    assert (said.id, said.en) == ("1.000 sampai 9.999", "1,000 to 9,999")


def test_every_count_lies_in_its_band_and_two_neighbours_mostly_share_one() -> None:
    bands = [Bands(5).of(count) for count in range(3000)]
    assert all(band.low <= count < band.high for count, band in enumerate(bands))
    edges = [n for n in range(1, 3000) if bands[n] != bands[n - 1]]
    assert edges == [5, 10, 100, 1000]


def test_an_owner_sees_its_own_lists_and_no_exact_count() -> None:
    charter = charter_from(charter_tree())
    counted = MembershipFacts(matched=523, unmatched=477)
    domain = DomainFacts(groups=523, datasets={"regsosek": counted, "dtks": counted})
    facts = RunFacts(run="run-1", candidates=1, domains={"dtks-regsosek": domain})
    found = coarse_counts(charter, facts, "dinsos")
    assert [each.dataset for each in found] == ["dtks"]
    assert "523" not in found[0].model_dump_json()
    assert in_words(found[0].matched).en == "100 to 999"
    assert coarse_counts(charter, facts, "dppapp") == ()
