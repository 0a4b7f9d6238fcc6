"""What a reader can work out about hidden counts when sums of them are shown.

A *move* changes the counts and none of the shown sums. The reader cannot tell the counts from what
they are after a move. If no move changes a sum, it follows from the shown ones. A move ends where a
count would be negative, or would leave the range in which it is shown.

A sum is given by its `parts`, 0 or 1 for each count, int64. `reach` looks at the base of all moves
and at sums and differences of two of them: what it finds is possible, and more may be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]
_LARGEST = 2**31  # products of two stay within int64


@dataclass(frozen=True, eq=False)
class KnownSums:
    """The true counts (n,), a base of the moves (m, n), and the ranges of the counts (n,)."""

    counts: Integers
    moves: Integers
    low: Reals
    high: Reals

    @classmethod
    def none_of(cls, counts: Integers) -> KnownSums:
        """Nothing is shown yet: each count can be anything from 0 on."""
        size = counts.shape[0]
        return cls(counts, np.eye(size, dtype=np.int64), np.zeros(size), np.full(size, np.inf))

    def with_sum(self, parts: Integers) -> KnownSums:
        """The same, with this sum shown: its moves leave the sum as it is.

        Raises OverflowError if the moves would become too large to compute with.
        """
        change = self.moves @ parts
        changing = np.flatnonzero(change)
        if not changing.size:
            return self
        # The shortest move is taken out of the others: they stay short.
        chosen = min(changing, key=lambda at: (abs(change[at]), np.count_nonzero(self.moves[at])))
        kept = np.delete(np.arange(len(self.moves)), chosen)
        moves = self.moves[kept] * change[chosen] - np.outer(change[kept], self.moves[chosen])
        moves //= np.maximum(1, np.gcd.reduce(moves, axis=1, initial=0))[:, None]
        if moves.size and np.abs(moves).max() >= _LARGEST:
            raise OverflowError("the sums are too entangled")
        return replace(self, moves=moves)

    def with_range(self, place: int, low: int, high: int) -> KnownSums:
        """The same, with this count shown to be from `low` to `high`."""
        lows, highs = self.low.copy(), self.high.copy()
        lows[place], highs[place] = low, high
        return replace(self, low=lows, high=highs)

    def reach(self, parts: Integers) -> tuple[float, float]:
        """The least and the largest value that the sum can have for the reader."""
        moves, up, down = self._possible
        gain, true = moves @ parts, float(self.counts @ parts)
        changes = np.flatnonzero(gain)
        if not changes.size:
            return true, true
        gain, up, down = gain[changes], up[changes], down[changes]
        up, down = np.where(gain > 0, up, down), np.where(gain > 0, down, up)
        return true - float(np.max(abs(gain) * down)), true + float(np.max(abs(gain) * up))

    @cached_property
    def _possible(self) -> tuple[Integers, Reals, Reals]:
        """The base and all pairs of it, and how often each can be made forwards and backwards."""
        first, second = np.triu_indices(len(self.moves), 1)
        pairs = self.moves[first], self.moves[second]
        moves = np.concatenate([self.moves, pairs[0] + pairs[1], pairs[0] - pairs[1]])
        return moves, self.steps(moves), self.steps(-moves)

    def steps(self, moves: Integers) -> Reals:
        """How often each move can be made."""
        room = np.where(moves > 0, self.high - self.counts, self.counts - self.low)
        with np.errstate(divide="ignore", invalid="ignore"):
            steps = np.where(moves == 0, np.inf, np.floor(room / np.abs(moves)))
        fewest: Reals = steps.min(axis=1)
        return fewest
