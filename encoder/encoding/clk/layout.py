"""How filters are stored in memory: rows of 64-bit words, so that OR takes 64 bits at a time.

Before folding a filter has 2^folds segments of `bits` bits. Every segment begins in a new
word, so that folding is one XOR over the segments: halving a filter repeatedly
puts bit i of every segment onto bit i.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.clk.hashing import Positions

Masks = NDArray[np.uint64]

_BITS_AT_ONCE = 1 << 22


@dataclass(frozen=True)
class ClkLayout:
    bits: int
    segments: int

    @property
    def words(self) -> int:
        """The number of words of an unfolded filter."""
        return self.segments * self._segment_words

    def empty(self, rows: int) -> Masks:
        return np.zeros((rows, self.words), dtype=np.uint64)

    def masks(self, positions: list[Positions]) -> Masks:
        """One filter for each array of positions, with these bits set."""
        masks = self.empty(len(positions))
        step = max(1, _BITS_AT_ONCE // (64 * self.words))
        for first in range(0, len(positions), step):
            masks[first : first + step] = self._packed(positions[first : first + step])
        return masks

    def folded(self, filters: Masks) -> NDArray[np.uint8]:
        """The bytes of the filters, most significant bit first, padded with zero bits."""
        segments = filters.reshape(len(filters), self.segments, self._segment_words)
        folded = segments[:, 0] if self.segments == 1 else np.bitwise_xor.reduce(segments, axis=1)
        return np.ascontiguousarray(folded).view(np.uint8)[:, : -(-self.bits // 8)]

    @property
    def _segment_words(self) -> int:
        return -(-self.bits // 64)

    def _packed(self, positions: list[Positions]) -> Masks:
        rows = np.repeat(np.arange(len(positions)), [len(each) for each in positions])
        segments, offsets = np.divmod(np.concatenate(positions), self.bits)
        spread = np.zeros((len(positions), self.segments, self._segment_words * 64), dtype=bool)
        spread[rows, segments, offsets] = True
        return np.packbits(spread, axis=-1).view(np.uint64).reshape(len(positions), self.words)
