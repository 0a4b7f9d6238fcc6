"""Counts what a stage would reveal to each recipient: cells, and differences to earlier releases.

Everything that a recipient received in the epoch, taken together, divides its lists into cells.
`policy.gates.rules.cells` and `policy.gates.rules.differencing` decide whether the cells are large
enough.

Under the first law, only the latest view of a domain counts, and each list by itself. Since the
second law all views count, and so do the persons that a recipient finds in several of its own
lists (`linkage_service.release.persons`).

The counts here include canaries until they are taken out as `policy.project.canary_counts`
counts them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from linkage_service.release.views import (
    ABSENT,
    View,
    at_handles,
    codes_of,
    label,
)
from policy.charter import FIRST_LAW, Charter
from policy.gates.facts import CellFacts, DifferenceFacts
from policy.project.canary_counts import Planted, Recipients, seen_in


@dataclass(frozen=True)
class ReceivedCells:
    """Everything the recipients have after a stage: what it releases, and earlier releases."""

    charter: Charter
    recipients: Recipients
    now: Sequence[View]
    before: Sequence[View]
    planted: Mapping[str, Planted]

    @property
    def views(self) -> list[tuple[str, View]]:
        """Every view that counts, with its name in patterns."""
        if self.charter.law == FIRST_LAW:
            latest = {view.domain: view for view in (*self.before, *self.now)}
            return list(latest.items())
        earlier = [(f"{view.release}/{view.domain}", view) for view in self.before]
        return [*earlier, *((view.domain, view) for view in self.now)]

    def seen_of(self, dataset: str) -> list[tuple[str, View]]:
        return [(name, view) for name, view in self.views if self.shows(view, dataset)]

    def shows(self, view: View, dataset: str) -> bool:
        return dataset in self.charter.domain(view.domain).datasets

    def bits(self, recipient: frozenset[str], dataset: str, view: View) -> tuple[str, ...]:
        return seen_in(self.charter, recipient, dataset, view.domain)

    def lists(self) -> Iterator[tuple[frozenset[str], str]]:
        for recipient in self.recipients:
            for dataset in self.charter.datasets:
                if dataset.owner in recipient:
                    yield recipient, dataset.id


def cells(received: ReceivedCells) -> tuple[CellFacts, ...]:
    """The counts of every pattern, one list at a time."""
    found: list[CellFacts] = []
    for recipient, dataset in received.lists():
        # A view has handles only for the datasets of its own domain.
        here = next((view for view in received.now if received.shows(view, dataset)), None)
        if here is not None:
            found += _cells_of(received, recipient, dataset, here)
    return tuple(found)


def differences(received: ReceivedCells) -> tuple[DifferenceFacts, ...]:
    """For every list and domain released before, the counts of rows that look different now."""
    return tuple(
        _difference(received, recipient, dataset, view, earlier)
        for recipient, dataset in received.lists()
        for view in received.now
        if received.shows(view, dataset)
        for earlier in received.before
        if earlier.domain == view.domain
    )


def _cells_of(
    received: ReceivedCells, recipient: frozenset[str], dataset: str, now: View
) -> Iterator[CellFacts]:
    seen = received.seen_of(dataset)
    bits = [received.bits(recipient, dataset, view) for _, view in seen]
    here = now.handles[dataset]
    codes = np.stack(
        [
            at_handles(here, view.handles[dataset], codes_of(view, dataset, names))
            for (_, view), names in zip(seen, bits, strict=True)
        ],
        axis=1,
    )
    patterns, counts = np.unique(codes, axis=0, return_counts=True)
    domains = [view.domain for _, view in seen]
    canaries = planted_by_pattern(received.planted[dataset], domains, bits)
    for pattern, count in zip(patterns, counts.tolist(), strict=True):
        rows = count - canaries[tuple(pattern.tolist())]
        if rows > 0:
            told = zip(seen, bits, pattern.tolist(), strict=True)
            yield CellFacts(
                recipient=tuple(sorted(recipient)),
                dataset=dataset,
                pattern=tuple(label(name, names, code) for (name, _), names, code in told),
                rows=rows,
            )


def planted_by_pattern(
    planted: Planted, domains: Sequence[str], bits: Sequence[tuple[str, ...]]
) -> Counter[tuple[int, ...]]:
    """How many canaries show each pattern; canaries with no visible pattern count as zeros."""
    found: Counter[tuple[int, ...]] = Counter()
    for seen, rows in planted.cells:
        told = (seen.get(domain, ()) for domain in domains)
        code = tuple(
            sum(1 << place for place, name in enumerate(names) if name in each)
            for names, each in zip(bits, told, strict=True)
        )
        found[code] += rows
    found[(0,) * len(domains)] += planted.rows - sum(rows for _, rows in planted.cells)
    return found


def _difference(
    received: ReceivedCells, recipient: frozenset[str], dataset: str, now: View, before: View
) -> DifferenceFacts:
    bits = received.bits(recipient, dataset, now)
    codes = codes_of(now, dataset, bits)
    known = codes_of(before, dataset, bits)
    earlier = at_handles(now.handles[dataset], before.handles[dataset], known)
    common, added = earlier != ABSENT, earlier == ABSENT
    return DifferenceFacts(
        recipient=tuple(sorted(recipient)),
        dataset=dataset,
        domain=now.domain,
        earlier=before.release,
        gained=int(np.count_nonzero(common & (codes & ~earlier != 0))),
        lost=int(np.count_nonzero(common & (~codes & earlier != 0))),
        added_matched=int(np.count_nonzero(added & (codes != 0))),
        added_unmatched=int(np.count_nonzero(added & (codes == 0))),
    )
