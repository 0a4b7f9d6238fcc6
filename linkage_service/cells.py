"""What a stage would tell each recipient, counted: cells, and differences to earlier releases.

A recipient sees of each of its rows whether it carries a match ID (where it may learn that), and
which of its other lists carry the same one. All that it has received in the epoch, put side by
side, parts its lists into cells; `policy.rules.cells` and `policy.rules.differencing` decide
whether these are large enough. Parties that the charter treats as one see together.

Canaries are in every count here until they are taken out, as `policy.planted` counts them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from policy.charter import Charter, Domain
from policy.facts import CellFacts, DifferenceFacts
from policy.planted import MATCHED, VERIFY, Planted, seen_in

Rows = NDArray[np.int64]
_ABSENT = -1


@dataclass(frozen=True)
class View:
    """One domain as a release shows it: for each dataset its rows' handles, and their groups.

    `handles` are (rows, 16) of uint8, `groups` the number of a row's group or -1, `verify` by
    group number whether it is to be verified.
    """

    release: str
    domain: str
    handles: Mapping[str, NDArray[np.uint8]]
    groups: Mapping[str, Rows]
    verify: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))


def cells(
    charter: Charter,
    now: Sequence[View],
    before: Sequence[View],
    planted: Mapping[str, Planted],
) -> tuple[CellFacts, ...]:
    """Counts of every pattern; of a domain released before, its latest view counts."""
    latest = {view.domain: view for view in (*before, *now)}
    found: list[CellFacts] = []
    for recipient, dataset in _lists(charter):
        # A view holds the handles of its own domain's datasets alone.
        here = next((view for view in now if _sees(charter.domain(view.domain), dataset)), None)
        if here is not None:
            views = list(latest.values())
            found += _cells_of(charter, recipient, dataset, views, here, planted[dataset])
    return tuple(found)


def differences(
    charter: Charter, now: Sequence[View], before: Sequence[View]
) -> tuple[DifferenceFacts, ...]:
    """For every list and domain that was released before, what is different now."""
    return tuple(
        _difference(charter, recipient, dataset, view, earlier)
        for recipient, dataset in _lists(charter)
        for view in now
        if _sees(charter.domain(view.domain), dataset)
        for earlier in before
        if earlier.domain == view.domain
    )


def _lists(charter: Charter) -> Iterator[tuple[frozenset[str], str]]:
    for recipient in charter.recipients():
        for dataset in charter.datasets:
            if dataset.owner in recipient:
                yield recipient, dataset.id


def _sees(domain: Domain, dataset: str) -> bool:
    return dataset in domain.datasets


def _cells_of(
    charter: Charter,
    recipient: frozenset[str],
    dataset: str,
    views: Sequence[View],
    now: View,
    planted: Planted,
) -> Iterator[CellFacts]:
    seen = [view for view in views if _sees(charter.domain(view.domain), dataset)]
    bits = [seen_in(charter, dataset, view.domain) for view in seen]
    here = now.handles[dataset]
    codes = np.stack(
        [
            _at(here, view.handles[dataset], _codes(view, dataset, names))
            for view, names in zip(seen, bits, strict=True)
        ],
        axis=1,
    )
    patterns, counts = np.unique(codes, axis=0, return_counts=True)
    canaries = _planted_by_pattern(planted, seen, bits)
    for pattern, count in zip(patterns, counts.tolist(), strict=True):
        rows = count - canaries[tuple(pattern.tolist())]
        if rows > 0:
            told = zip(seen, bits, pattern.tolist(), strict=True)
            yield CellFacts(
                recipient=tuple(sorted(recipient)),
                dataset=dataset,
                pattern=tuple(_label(view.domain, names, code) for view, names, code in told),
                rows=rows,
            )


def _planted_by_pattern(
    planted: Planted, views: Sequence[View], bits: Sequence[tuple[str, ...]]
) -> Counter[tuple[int, ...]]:
    """How many canaries show each pattern; those of which nothing is seen show zeros."""
    found: Counter[tuple[int, ...]] = Counter()
    for seen, rows in planted.cells:
        told = (seen.get(view.domain, ()) for view in views)
        code = tuple(
            sum(1 << place for place, name in enumerate(names) if name in each)
            for names, each in zip(bits, told, strict=True)
        )
        found[code] += rows
    found[(0,) * len(views)] += planted.rows - sum(rows for _, rows in planted.cells)
    return found


def _difference(
    charter: Charter, recipient: frozenset[str], dataset: str, now: View, before: View
) -> DifferenceFacts:
    bits = seen_in(charter, dataset, now.domain)
    codes = _codes(now, dataset, bits)
    earlier = _at(now.handles[dataset], before.handles[dataset], _codes(before, dataset, bits))
    common, added = earlier != _ABSENT, earlier == _ABSENT
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


def _codes(view: View, dataset: str, bits: tuple[str, ...]) -> Rows:
    """One bit for each thing that the recipient can tell of a row."""
    mine = view.groups[dataset]
    matched = mine >= 0
    codes = np.zeros(len(mine), np.int64)
    for place, name in enumerate(bits):
        if name == VERIFY:
            told = np.zeros(len(mine), np.bool_)
            told[matched] = view.verify[mine[matched]]
        else:
            told = matched if name == MATCHED else matched & np.isin(mine, view.groups[name])
        codes |= told.astype(np.int64) << place
    return codes


def _at(rows: NDArray[np.uint8], known: NDArray[np.uint8], codes: Rows) -> Rows:
    """The codes of these rows by handle; -1 for one that is not known."""
    wanted, have = _as_keys(rows), _as_keys(known)
    order = np.argsort(have)
    place = np.searchsorted(have, wanted, sorter=order)
    place = order[np.minimum(place, len(have) - 1)] if len(have) else np.zeros(len(wanted), int)
    found = have[place] == wanted if len(have) else np.zeros(len(wanted), bool)
    return np.where(found, codes[place] if len(have) else 0, _ABSENT)


def _as_keys(handles: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    # All are of one width, so the zeros that numpy strips from the end make no two equal.
    return np.ascontiguousarray(handles).view(f"S{handles.shape[1]}").ravel()


def _label(domain: str, bits: tuple[str, ...], code: int) -> str:
    """How a pattern reads (`policy.facts.CellFacts`)."""
    if code == _ABSENT:
        return f"{domain}:-"
    member = "?" if MATCHED not in bits else str(code & 1)
    shared = [n.lstrip("?") for place, n in enumerate(bits) if n and code >> place & 1]
    return "+".join((f"{domain}:{member}", *shared))
