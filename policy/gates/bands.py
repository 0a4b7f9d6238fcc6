"""What data owners may know of a run before a release: counts in bands.

An exact count lets an owner learn about one row by changing it (T7, T8). A band only tells whether
a run went as expected. The bands are: below the smallest cell, then tens, hundreds, thousands, and
so on. Bands have edges too; the run budget bounds what can be learned at an edge.
"""

from __future__ import annotations

from dataclasses import dataclass

from policy.base.words import Words, number
from policy.charter import Charter
from policy.formats.http_api import CoarseCount, CountBand
from policy.gates.facts import RunFacts


@dataclass(frozen=True)
class Bands:
    """Bands that start at the smallest cell; each ends at the next power of ten."""

    smallest: int

    def of(self, count: int) -> CountBand:
        """The band of a count."""
        if count < self.smallest:
            return CountBand(low=0, high=self.smallest)
        high = 10
        while high <= count or high <= self.smallest:
            high *= 10
        return CountBand(low=max(high // 10, self.smallest), high=high)


def coarse_counts(charter: Charter, facts: RunFacts, owner: str) -> tuple[CoarseCount, ...]:
    """The bands of this owner's lists only."""
    bands = Bands(charter.release.minimum_cell)
    mine = {dataset.id for dataset in charter.datasets_of(owner)}
    return tuple(
        CoarseCount(
            domain=domain,
            dataset=dataset,
            matched=bands.of(counted.matched),
            unmatched=bands.of(counted.unmatched),
        )
        for domain, each in sorted(facts.domains.items())
        for dataset, counted in sorted(each.datasets.items())
        if dataset in mine
    )


def in_words(band: CountBand) -> Words:
    if band.low == 0:
        return Words(f"kurang dari {band.high}", f"fewer than {band.high}")
    low, high = number(band.low), number(band.high - 1)
    return Words(f"{low.id} sampai {high.id}", f"{low.en} to {high.en}")
