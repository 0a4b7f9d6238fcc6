"""The recall of a search that leaves pairs out, compared with a search of all pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates
from linkage_service.matching.similarity import dice_pairs
from policy.base.shares import MILLION, Interval, wilson

Method = Literal["all-pairs", "tags", "sampling"]

# About a second on one core.
_COMPARISONS = 1_000_000_000


# "Right at the threshold": at most this far above it.
NEAR_PPM = 10_000


@dataclass(frozen=True)
class SearchCoverage:
    """How one encoding was searched between two datasets.

    `expected_ppm` is the share of the pairs right at the threshold that the tables of `sampling`
    are expected to find, and `least_ppm` the share that they find at least, at 95 % confidence;
    more similar pairs are found more often. `sampled_rows` left rows were compared with all right
    rows: `reached` of these pairs reach the threshold, and the search found `found` of them, by
    this encoding or another. `near_reached` and `near_found` count the pairs at most NEAR_PPM
    above the threshold, which are compared with the promise.
    """

    encoding: str
    method: Method
    tables: int
    width: int
    expected_ppm: int
    sampled_rows: int
    reached: int
    found: int
    least_ppm: int = 0
    near_reached: int = 0
    near_found: int = 0

    @property
    def estimated_ppm(self) -> int | None:
        """Estimated recall of the search, in ppm of all pairs; None if no sampled pair reaches."""
        return self.found * MILLION // self.reached if self.reached else None

    @property
    def estimated(self) -> Interval | None:
        """The estimated recall with its interval, which depends on the number of pairs."""
        return _share(self.found, self.reached)

    @property
    def estimated_near(self) -> Interval | None:
        """Recall of the search right at the threshold."""
        return _share(self.near_found, self.near_reached)

    @property
    def breaks_promise(self) -> bool:
        """Whether the sample contradicts `least_ppm`: its whole interval lies below."""
        return self.estimated_near is not None and self.estimated_near.high < self.least_ppm


@dataclass(frozen=True)
class Sampled:
    """Pairs that reach a threshold, from comparing some left rows with all right rows."""

    rows: int
    pairs: Candidates
    near: Candidates


def sampled_pairs(
    left: NDArray[np.uint64], right: NDArray[np.uint64], threshold_ppm: int
) -> Sampled:
    """Compare some left rows, always the same ones, with all right rows."""
    count = max(1, min(len(left), _COMPARISONS // max(1, len(right))))
    rows = np.sort(np.random.RandomState(0).permutation(len(left))[:count])
    pairs = _at(dice_pairs(left[rows], right, threshold_ppm), rows)
    near = pairs.take(pairs.similarity <= (threshold_ppm + NEAR_PPM) / MILLION)
    return Sampled(count, pairs, near)


def found_among(pairs: Candidates, found: Candidates) -> int:
    """How many of `pairs` are also in `found`, compared by rows."""
    return int(np.count_nonzero(np.isin(_keys(pairs), _keys(found))))


def _share(found: int, of: int) -> Interval | None:
    return wilson(found / of, of) if of else None


def _at(pairs: Candidates, rows: NDArray[np.int64]) -> Candidates:
    left = rows[pairs.left_row].astype(np.uint32)
    sides = pairs.left_dataset, pairs.right_dataset, left, pairs.right_row
    return Candidates(pairs.similarity, *sides)


def _keys(pairs: Candidates) -> NDArray[np.uint64]:
    return (pairs.left_row.astype(np.uint64) << np.uint64(32)) | pairs.right_row
