"""What a report says of a search that did not compare all pairs."""

from __future__ import annotations

import numpy as np
import pytest

from linkage_service.matching import SearchCoverage, dice_pairs, found_among, sampled_pairs
from linkage_service.matching.calibration_words import UNSEEN, searched


def sampling(
    near_found: int, near_reached: int, found: int = 112, reached: int = 120
) -> SearchCoverage:
    return SearchCoverage(
        "utama",
        "sampling",
        15,
        14,
        908_748,
        1000,
        reached,
        found,
        900_280,
        near_reached,
        near_found,
    )


def test_a_few_pairs_do_not_contradict_the_promise() -> None:
    """29 of 33 are .879 where .90 was promised: so few pairs say .73 to .95."""
    coverage = sampling(29, 33)
    near = coverage.estimated_near
    assert near is not None
    assert near.low < 900_000 < near.high
    assert not coverage.breaks_promise
    told = [words.en for words in searched("a, b", coverage)]
    assert "at least 90.03% right at the threshold, with 95% confidence" in told[1]
    assert "87.9% (72.6–95.2) of 33" in told[1]
    assert "not kept" not in told[1]
    assert searched("a, b", coverage)[-1] == UNSEEN["search"]


def test_many_pairs_contradict_it() -> None:
    coverage = sampling(2_900, 3_300)
    assert coverage.breaks_promise
    promise = searched("a, b", coverage)[1]
    assert "The promise is not kept" in promise.en
    assert "tidak ditepati" in promise.id


@pytest.mark.parametrize(("found", "reached"), [(0, 7), (7, 7), (1, 1), (0, 1)])
def test_no_figure_has_an_interval_of_no_width(found: int, reached: int) -> None:
    coverage = sampling(found, reached, found, reached)
    for share in (coverage.estimated, coverage.estimated_near):
        assert share is not None
        assert share.low < share.high


def test_where_no_pair_was_sampled_none_is_claimed() -> None:
    coverage = sampling(0, 0, 0, 0)
    assert coverage.estimated is coverage.estimated_near is coverage.estimated_ppm is None
    assert "there are no sample pairs" in searched("a, b", coverage)[0].en
    assert not coverage.breaks_promise


def test_runs_of_earlier_builds_promised_nothing() -> None:
    earlier = SearchCoverage("utama", "sampling", 15, 14, 908_748, 1000, 120, 112)
    assert len(searched("a, b", earlier)) == 2
    assert len(searched("a, b", SearchCoverage("utama", "tags", 0, 0, 1_000_000, 9, 8, 7))) == 2
    assert searched("a, b", SearchCoverage("utama", "all-pairs", 0, 0, 1_000_000, 0, 0, 0)) == ()


def test_pairs_right_at_the_threshold_are_counted_apart() -> None:
    """Of 100 bits 81, 80 and 90 are in common."""
    left = np.zeros((1, 128), bool)
    left[:, :100] = True
    right = np.zeros((3, 128), bool)
    for row, common in zip(right, (81, 80, 90), strict=True):
        row[100 - common : 100] = True
        row[100 : 200 - common] = True
    filters = [np.packbits(side, axis=1).view(np.uint64) for side in (left, right)]
    sample = sampled_pairs(*filters, 800_000)
    assert (sample.rows, len(sample.pairs), len(sample.near)) == (1, 3, 2)
    assert found_among(sample.near, dice_pairs(*filters, 805_000)) == 1
