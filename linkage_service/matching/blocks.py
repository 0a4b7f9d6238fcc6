"""Rows in blocks: only rows of the same block are compared, exactly, by their Dice coefficient.

A block is a tag keyed by the encoder (see `tags`), or the value of some sampled bits (see
`sampling`). Small blocks are compared row by row, large ones by the kernel of all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates, concatenate
from linkage_service.matching.kernel import search_blocks
from linkage_service.matching.native import native, read_only
from linkage_service.matching.similarity import (
    WORD_BITS,
    check_filters,
    check_ppm,
    dice,
    dice_pairs,
    required_overlap,
)

# With this many pairs or more, it is faster to sort a block for the kernel of all pairs.
_SMALL_BLOCK = 1 << 16

Filters = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Blocks:
    """The rows of one dataset by block.

    `order` is uint32 (rows,): the rows of block 0, ascending, then those of block 1, and so on.
    `starts` is int64 (blocks + 1,): where each block begins in `order`.
    """

    order: NDArray[np.uint32]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    def part(self, first: int, last: int) -> Blocks:
        """The blocks [first, last), numbered from 0."""
        starts = self.starts[first : last + 1]
        return Blocks(self.order[starts[0] : starts[-1]], starts - starts[0])

    def take(self, rows: NDArray[np.int64]) -> Blocks:
        """The blocks of `rows` only, with rows numbered in this order."""
        numbers = np.empty(len(self.order), np.uint32)
        numbers[self.order] = np.repeat(np.arange(len(self), dtype=np.uint32), self.sizes)
        return blocks_of(numbers[rows], len(self))


def blocks_of(numbers: NDArray[np.uint32], count: int) -> Blocks:
    """Blocks from block numbers, uint32 (rows,), each below `count`."""
    return Blocks(*_counted_out(read_only(numbers), count))


def search_in_blocks(
    left: Filters,
    right: Filters,
    left_blocks: Blocks,
    right_blocks: Blocks,
    threshold_ppm: int,
) -> Candidates:
    """All pairs of rows in the same block with Dice >= threshold, unordered.

    Filters and rows as in `similarity.dice_pairs`; blocks with the same number are compared.
    """
    check_filters(left, right)
    check_ppm(threshold_ppm)
    if len(left_blocks) != len(right_blocks):
        raise ValueError("both sides must have as many blocks")
    left_at, right_at, common, bits = search_blocks(
        read_only(left),
        read_only(left_blocks.order),
        read_only(left_blocks.starts),
        read_only(right),
        read_only(right_blocks.order),
        read_only(right_blocks.starts),
        _SMALL_BLOCK,
        read_only(required_overlap(threshold_ppm, 2 * WORD_BITS * left.shape[1])),
    )
    zeros, ones = np.zeros(len(left_at), np.uint16), np.ones(len(left_at), np.uint16)
    found = [Candidates(dice(common, bits), zeros, ones, left_at, right_at)]
    for block in np.flatnonzero(left_blocks.sizes * right_blocks.sizes > _SMALL_BLOCK).tolist():
        left_rows = left_blocks.part(block, block + 1).order
        right_rows = right_blocks.part(block, block + 1).order
        pairs = dice_pairs(left[left_rows], right[right_rows], threshold_ppm)
        found.append(at_rows(pairs, left_rows, right_rows))
    return concatenate(found)


def at_rows(
    pairs: Candidates, left_rows: NDArray[np.uint32], right_rows: NDArray[np.uint32]
) -> Candidates:
    """Pairs found among some rows, renumbered as rows of the whole dataset."""
    return Candidates(
        pairs.similarity,
        pairs.left_dataset,
        pairs.right_dataset,
        left_rows[pairs.left_row],
        right_rows[pairs.right_row],
    )


@native
def _counted_out(
    numbers: NDArray[np.uint32], count: int
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    starts = np.zeros(count + 1, np.int64)
    for row in range(numbers.shape[0]):
        starts[numbers[row] + 1] += 1
    starts = np.cumsum(starts)
    places = starts[:-1].copy()
    order = np.empty(numbers.shape[0], np.uint32)
    for row in range(numbers.shape[0]):
        order[places[numbers[row]]] = row
        places[numbers[row]] += 1
    return order, starts
