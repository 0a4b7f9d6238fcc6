"""What a search that does not compare all pairs found, of what comparing all would have found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates
from linkage_service.matching.similarity import dice_pairs

Method = Literal["all-pairs", "tags", "sampling"]

# About a second on one core.
_COMPARISONS = 1_000_000_000


@dataclass(frozen=True)
class Coverage:
    """How one encoding was searched between two datasets.

    `expected_ppm` is what the tables of `sampling` find of pairs right at the threshold; more
    similar ones are found more often. Of `sampled_rows` left rows, all of them compared with
    all right rows, `reached` pairs reach the threshold and `found` of these were found, by
    this encoding or another.
    """

    encoding: str
    method: Method
    tables: int
    width: int
    expected_ppm: int
    sampled_rows: int
    reached: int
    found: int

    @property
    def estimated_ppm(self) -> int | None:
        """Estimated recall of the search, against all pairs; None where none reach it."""
        return self.found * 1_000_000 // self.reached if self.reached else None


def sampled_pairs(
    left: NDArray[np.uint64], right: NDArray[np.uint64], threshold_ppm: int
) -> tuple[int, Candidates]:
    """Some left rows, always the same, with all right rows: how many, and what reaches it."""
    count = max(1, min(len(left), _COMPARISONS // max(1, len(right))))
    rows = np.sort(np.random.RandomState(0).permutation(len(left))[:count])
    return count, _at(dice_pairs(left[rows], right, threshold_ppm), rows)


def found_among(pairs: Candidates, found: Candidates) -> int:
    """How many of the pairs are among those found, by their rows."""
    return int(np.count_nonzero(np.isin(_keys(pairs), _keys(found))))


def _at(pairs: Candidates, rows: NDArray[np.int64]) -> Candidates:
    left = rows[pairs.left_row].astype(np.uint32)
    sides = pairs.left_dataset, pairs.right_dataset, left, pairs.right_row
    return Candidates(pairs.similarity, *sides)


def _keys(pairs: Candidates) -> NDArray[np.uint64]:
    return (pairs.left_row.astype(np.uint64) << np.uint64(32)) | pairs.right_row
