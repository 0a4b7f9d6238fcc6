"""The coarse shape of a list, counted while it is prepared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from encoder.source.cell_usage import UsageTable
from policy.base.canonical import Identifier, Model
from policy.statements import ListShape, coarse_percent

Cards = NDArray[np.uint32]
_CARDS_KEPT = 1 << 20
_MOST_TENTHS = 100


class MeasuredShape(Model):
    """The shape as stored with the prepared rows; see `policy.statements.ListShape`."""

    missing: dict[Identifier, int]
    on_a_card: int

    def committed(self, canaries: int) -> ListShape:
        return ListShape(canaries=canaries, missing=self.missing, on_a_card=self.on_a_card)


def measured(usage: UsageTable, cards: CardSizes) -> MeasuredShape:
    """The shape from the cells that were used, and the family cards of the rows."""
    return MeasuredShape(
        missing={
            each.name: coarse_percent(usage.rows - each.used, usage.rows) for each in usage.fields
        },
        on_a_card=cards.tenths(),
    )


def hashed(cards: Iterable[str]) -> Cards:
    """Short hashes of family cards; rows without one are left out."""
    return np.array([crc32(each.encode()) for each in cards if each], np.uint32)


@dataclass
class CardSizes:
    """How many rows share a family card, from all cards or from a sample of them."""

    _kept: list[Cards] = field(default_factory=list, repr=False)
    _rows: int = 0
    _bits: int = 0

    def add(self, cards: Cards) -> None:
        self._kept.append(self._sampled(cards))
        self._rows += len(self._kept[-1])
        while self._rows > _CARDS_KEPT:
            # Whole cards are dropped, with all their rows.
            self._bits += 1
            self._kept = [self._sampled(np.concatenate(self._kept))]
            self._rows = len(self._kept[0])

    def tenths(self) -> int:
        """Rows per card, in tenths; 0 without cards."""
        if not self._rows:
            return 0
        distinct = len(np.unique(np.concatenate(self._kept)))
        return min(_MOST_TENTHS, round(10 * self._rows / distinct))

    def _sampled(self, cards: Cards) -> Cards:
        chosen: Cards = cards[cards & np.uint32((1 << self._bits) - 1) == 0]
        return chosen
