"""A limit to the candidates of a row: `matching.top_k` of the charter.

    Each record has candidates in another dataset; the first k in the solver's order count.
    A pair stays if it is among the first k of either of its two records.
    Pairs with equal NIK tokens all stay, and take none of the k places.

So a record keeps k candidates in another dataset if it has that many, and more if it is among
the first k of other records. Equally similar candidates are taken in the order of their rows,
which is handle order.

The limit depends on all candidates together, and not on how the search was divided, where it
ran, or what an earlier run found already. Results of units are never cut, since a removed
row makes room for others. They are read one after the other, so that memory holds little more
than the pairs that stay.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates
from linkage_service.matching.nik import TOKEN_BONUS
from linkage_service.matching.ordering import merged
from linkage_service.matching.radix import sorting_order


def gather_best(parts: Iterable[Candidates], k: int) -> Candidates:
    """The remaining pairs of all parts, each once, in the solver's order.

    Give the parts of the NIK leg first, so that a pair found by tokens never takes a place.
    A dropped pair stays dropped: on either side k better pairs remain.
    """
    return merged(parts, lambda pairs: best(pairs, k))


def best(candidates: Candidates, k: int) -> Candidates:
    """The remaining pairs; `candidates` are in the solver's order, each once."""
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
    """The positions, int64, of the first k entries of each key."""
    order = sorting_order(keys)
    keys = keys[order]
    place = np.arange(len(keys)) - np.searchsorted(keys, keys, side="left")
    return order[place < k]
