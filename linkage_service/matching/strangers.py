"""How many candidate pairs are expected to be strangers, at each threshold? Without labels.

A number that the encoding does not contain (a NIK) names strangers: two rows that each share their
number with a row of their own, but not with each other. The rate at which such rows pass a
threshold, times all pairs of rows, is the number of strangers to expect among the candidates:

    expected = (strangers that pass + 1/2) / strangers compared * pairs of rows

with Jeffreys' half, so that it is never 0. `calibration` counts strangers in the same way. Rows
of one person with a wrong number count as strangers too, so the estimate is too high rather than
too low; relatives who have no partner by number are not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates
from linkage_service.matching.nik import MOST_ROWS_PER_TOKEN

NO_NUMBER = -1
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Strangers:
    """Which candidates are strangers, bool (pairs,), of how many compared, and all pairs."""

    found: NDArray[np.bool_]
    compared: int
    possible: int

    def expected(self, chosen: NDArray[np.bool_]) -> float:
        """How many strangers to expect among the chosen candidates, bool (pairs,)."""
        passed = int(np.count_nonzero(self.found & chosen))
        return (passed + 0.5) / self.compared * self.possible


def find_strangers(candidates: Candidates, numbers: Sequence[Numbers]) -> Strangers | None:
    """Candidates within one dataset or between two, given the number of every row, int64 (rows,).

    Equal numbers are equal values; NO_NUMBER is none, and a value of more than 50 rows is taken for
    none. Returns None if no two rows can be told to be strangers.
    """
    left, right = numbers[0], numbers[-1]
    within = len(numbers) == 1
    known = left[left >= 0], right[right >= 0]
    values = int(max(left.max(initial=0), right.max(initial=0))) + 1
    counts = [np.bincount(each, minlength=values) for each in known]
    usable = (counts[0] <= MOST_ROWS_PER_TOKEN) & (counts[1] <= MOST_ROWS_PER_TOKEN)
    usable &= counts[0] > 1 if within else (counts[0] > 0) & (counts[1] > 0)
    linked = _linked(left, usable), _linked(right, usable)
    rows = [int(np.count_nonzero(each)) for each in linked]
    partners = counts[0][usable] * (counts[0][usable] - 1) // 2
    if within:
        compared = rows[0] * (rows[0] - 1) // 2 - int(partners.sum())
        possible = len(left) * (len(left) - 1) // 2
    else:
        compared = rows[0] * rows[1] - int((counts[0] * counts[1])[usable].sum())
        possible = len(left) * len(right)
    if compared < 1:
        return None
    a, b = candidates.left_row, candidates.right_row
    found: NDArray[np.bool_] = linked[0][a] & linked[1][b] & (left[a] != right[b])
    return Strangers(found, compared, possible)


def _linked(numbers: Numbers, usable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    linked: NDArray[np.bool_] = (numbers >= 0) & usable[np.maximum(numbers, 0)]
    return linked
