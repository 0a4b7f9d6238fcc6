"""How pairs are spread over scores, in ranges that each hold enough pairs to be shown.

A score is how far a pair's best encoding is above its threshold, in parts per million; it is below
0 for pairs that only their NIK joins. Ranges are at most 45 up to the highest score, and
neighbours are joined until none is small. Edges that other figures show stay edges: two tables then
tell no count between their edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from policy.gates.pooling import CellFloor

_STEPS_PPM = (2_500, 5_000, 10_000, 20_000, 50_000)
_MOST = 45

Scores = NDArray[np.int64]


def step_of(scores: Scores) -> int:
    """The width of a range before any are joined."""
    top = int(scores.max(initial=0))
    return next((step for step in _STEPS_PPM if top < step * _MOST), _STEPS_PPM[-1])


def ranges(
    scores: Scores, step: int, floor: CellFloor, *, low: int = 0, edges: Iterable[int] = ()
) -> Iterator[tuple[int, int, int]]:
    """Ranges from `low` up: their lower edge, the upper one (not included), and their pairs.

    No score may be below `low`. `edges` are those of other figures. Nothing is told if even all
    pairs between two of these edges are few.
    """
    end = max(low, int(scores.max(initial=low))) // step * step + step
    fixed = sorted({low, end, *(edge for edge in edges if low < edge < end)})
    for first, last in pairwise(fixed):
        grid = sorted({*range(first, last, step), last})
        counts = [int(np.count_nonzero((scores >= a) & (scores < b))) for a, b in pairwise(grid)]
        yield from _joined(grid, counts, floor)


def _joined(grid: list[int], counts: list[int], floor: CellFloor) -> Iterator[tuple[int, int, int]]:
    """Neighbours joined until they are large; a small rest at the end joins the range before."""
    found: list[tuple[int, int, int]] = []
    start, held = grid[0], 0
    for upper, count in zip(grid[1:], counts, strict=True):
        held += count
        if not floor.is_small(held):
            found.append((start, upper, held))
            start, held = upper, 0
    if start != grid[-1] and found:
        first, _, before = found.pop()
        found.append((first, grid[-1], before + held))
    yield from found
