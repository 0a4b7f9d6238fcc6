"""A limit to the candidates of a row: `matching.top_k` of the charter.

    Of each record's candidates in one other dataset the k first in the solver's order count.
    A pair stays if it is among those of either of its two records.
    Pairs with one NIK token all stay, and take none of the k places.

So a record keeps k candidates in another dataset if it has as many, and more where it is among
the first of theirs. Equally similar candidates are taken in the order of their rows, which is
that of their handles.

The limit is a property of all candidates together: how the search was cut, where it ran, and
what an earlier run has found already are of no matter. Results of units are never cut, since a
row that leaves makes room for others. They are read one after the other, so that memory holds
the pairs that stay and some more.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates, concatenate, no_candidates
from linkage_service.matching.nik import TOKEN_BONUS
from linkage_service.matching.ordering import in_order
from linkage_service.matching.radix import sorting_order

# So many new pairs are read before those that are too many go: some 550 MB while it works.
_PAIRS_AT_ONCE = 1 << 22


def gather_best(parts: Iterable[Candidates], k: int) -> Candidates:
    """What stays of all parts, each pair once, in the solver's order.

    Pairs with one NIK token come first of all: a pair that tokens found takes no place from the
    beginning. A pair that goes early goes for good: k others before it stay on either side.
    """
    held, waiting, pairs = no_candidates(), list[Candidates](), 0
    for part in parts:
        waiting.append(part)
        pairs += len(part)
        if pairs > max(_PAIRS_AT_ONCE, len(held)):
            held = best(in_order(concatenate([held, *waiting])), k)
            waiting, pairs = [], 0
    return best(in_order(concatenate([held, *waiting])), k)


def best(candidates: Candidates, k: int) -> Candidates:
    """What stays of pairs that are in the solver's order, each once."""
    stays = candidates.similarity > TOKEN_BONUS
    others = np.flatnonzero(~stays)
    left_dataset, right_dataset, left_row, right_row = (
        column[others].astype(np.uint64) for column in candidates.columns()[1:]
    )
    between = (left_dataset << np.uint64(16)) | right_dataset
    for row in (left_row, right_row):
        stays[others[_first((between << np.uint64(32)) | row, k)]] = True
    return candidates.take(stays)


def _first(keys: NDArray[np.uint64], k: int) -> NDArray[np.int64]:
    """The positions of the k first of each key."""
    order = sorting_order(keys)
    keys = keys[order]
    place = np.arange(len(keys)) - np.searchsorted(keys, keys, side="left")
    return order[place < k]
