"""Pairs of encoded rows, in the form that the charter's rule takes (`policy.pairs`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.similarity import dice_of_rows
from policy.pairs import Difference, Mask

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RowPairs:
    """Pairs of rows of two datasets: entry `i` of both row arrays is one pair."""

    left: EncodedDataset
    right: EncodedDataset
    left_rows: Rows
    right_rows: Rows

    def __len__(self) -> int:
        return len(self.left_rows)

    def take(self, at: Rows) -> RowPairs:
        return RowPairs(self.left, self.right, self.left_rows[at], self.right_rows[at])

    def reach(self, name: str, ppm: int) -> Mask:
        sides = self.left.encoding(name), self.right.encoding(name)
        return dice_of_rows(*sides, self.left_rows, self.right_rows, ppm)[1]

    @property
    def coded(self) -> Collection[str]:
        return self.left.contrary

    def codes(self, name: str) -> Iterator[Difference]:
        mine, theirs = self.left.contrary[name], self.right.contrary[name]
        for number in range(mine.shape[1]):
            yield Difference(mine[self.left_rows, number] ^ theirs[self.right_rows, number])
