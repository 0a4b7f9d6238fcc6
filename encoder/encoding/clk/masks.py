"""Masks of distinct tokens, each made once, and of distinct values: the OR of their tokens' masks.

With `bitsPerFeature`, the bits a token sets depend on the number of tokens in its value.
So a mask belongs to a token and a k.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from encoder.encoding.clk.layout import ClkLayout, Masks
from encoder.encoding.clk.schema import Feature
from encoder.encoding.clk.tokens import Numbers, Occurrences, numbered, one_of_each

# The most bytes of token masks that a feature keeps between calls.
_KEPT_BYTES = 8 << 20
# Values at once: their tokens' masks should stay in the processor's cache.
_VALUES_AT_ONCE = 256


class FeatureMasks:
    """The masks of one feature's values. It caches token masks: for one thread only."""

    def __init__(self, feature: Feature, layout: ClkLayout) -> None:
        self.feature = feature
        self._layout = layout
        self._row_of: dict[tuple[str, int], int] = {}
        self._table = layout.empty(0)

    def of(self, values: Sequence[str]) -> tuple[Masks, list[int]]:
        """One mask per value, and the indices of values that the schema refuses (empty masks)."""
        texts = self.feature.texts(values)
        refused = [index for index, text in enumerate(texts) if text is None]
        filled = [index for index, text in enumerate(texts) if text]
        masks = self._layout.empty(len(values))
        if filled:
            masks[filled] = self._masks_of([text for text in texts if text])
        return masks, refused

    def _masks_of(self, texts: Sequence[str]) -> Masks:
        if self._table.nbytes > _KEPT_BYTES:
            self._row_of, self._table = {}, self._layout.empty(0)
        occurrences = self.feature.occurrences(texts)
        return self._unions(self._rows(occurrences), occurrences.counts)

    def _rows(self, occurrences: Occurrences) -> Numbers:
        """The table's row of every occurrence."""
        counts = occurrences.counts
        ks = self.feature.bits_of_occurrences(counts)
        which, count = numbered([occurrences.which, ks])
        examples = one_of_each(which, count)
        tokens = map(occurrences.tokens.__getitem__, occurrences.which[examples].tolist())
        pairs = list(zip(tokens, ks[examples].tolist(), strict=True))
        self._add([pair for pair in pairs if pair not in self._row_of])
        return np.array([self._row_of[pair] for pair in pairs], dtype=np.int64)[which]

    def _add(self, new: Sequence[tuple[str, int]]) -> None:
        """Hash tokens that the table does not have with this k."""
        if not new:
            return
        masks = self._layout.masks([self.feature.positions(token, k) for token, k in new])
        self._table = np.concatenate([self._table, masks])
        first = len(self._table) - len(new)
        self._row_of.update((pair, row) for row, pair in enumerate(new, first))

    def _unions(self, rows: Numbers, counts: Numbers) -> Masks:
        """One mask for each run of `counts` rows of the table."""
        ends = np.concatenate([[0], np.cumsum(counts)])
        unions = self._layout.empty(len(counts))
        for first in range(0, len(counts), _VALUES_AT_ONCE):
            starts = ends[first : first + _VALUES_AT_ONCE + 1]
            np.bitwise_or.reduceat(
                self._table[rows[starts[0] : starts[-1]]],
                starts[:-1] - starts[0],
                axis=0,
                out=unions[first : first + _VALUES_AT_ONCE],
            )
        return unions
