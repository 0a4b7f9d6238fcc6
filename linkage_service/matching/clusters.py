"""How large groups are, and how well their rows hold together.

Complete linkage makes no group that lacks a pair. Connected components do: a chain of pairs, or
one wrong pair, can join two persons. Such groups are found by their size and their missing pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates
from linkage_service.matching.solver import Groups


@dataclass(frozen=True, eq=False)
class Clusters:
    """The groups of one dataset; column `i` of every array is one record of `groups`.

    `size`, int64: how many rows the record's group has. `pairs`, int64: with how many of the
    others the record is a candidate pair.
    """

    groups: Groups
    size: NDArray[np.int64]
    pairs: NDArray[np.int64]

    @property
    def largest(self) -> int:
        """The rows of the largest group."""
        return int(self.size.max(initial=0))

    def larger_than(self, rows: int) -> int:
        """How many groups have more rows than this."""
        return self._groups_with(self.size > rows)

    @property
    def with_gaps(self) -> int:
        """How many groups have two rows that are not a candidate pair."""
        return self._groups_with(self.pairs < self.size - 1)

    def _groups_with(self, chosen: NDArray[np.bool_]) -> int:
        return len(np.unique(self.groups.group[chosen]))


def clusters_of(groups: Groups, candidates: Candidates, rows: int) -> Clusters:
    """The clusters of a dataset of that number of rows, given each candidate pair of it once."""
    group = groups.by_row(0, rows)
    left, right = group[candidates.left_row], group[candidates.right_row]
    inside = (left == right) & (left >= 0)
    ends = np.concatenate([candidates.left_row[inside], candidates.right_row[inside]])
    pairs = np.bincount(ends, minlength=rows)
    size = np.bincount(groups.group, minlength=groups.count)
    return Clusters(groups, size[groups.group], pairs[groups.row])
