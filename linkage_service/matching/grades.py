"""Which groups exist only because of pairs in a review band.

The solver takes pairs of a review band after all others. So each group of certain pairs appears
again among all groups, either unchanged or as part of a larger group.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.solver import Groups


def more_than(groups: Groups, certain: Groups) -> NDArray[np.bool_]:
    """By group number: whether the group is not one of those that are `certain`."""
    keys = _records(certain)
    by_key = np.argsort(keys)
    wanted = _records(groups)
    at = np.searchsorted(keys[by_key], wanted)
    there = at < len(keys)
    there[there] = keys[by_key[at[there]]] == wanted[there]
    of = np.full(len(wanted), -1, np.int64)
    of[there] = certain.group[by_key[at[there]]]
    if not len(of):
        return np.zeros(0, np.bool_)
    starts = np.searchsorted(groups.group, np.arange(groups.count))
    first = np.minimum.reduceat(of, starts)
    unlike: NDArray[np.bool_] = (first < 0) | (first != np.maximum.reduceat(of, starts))
    return unlike


def _records(groups: Groups) -> NDArray[np.uint64]:
    return (groups.dataset.astype(np.uint64) << np.uint64(32)) | groups.row
