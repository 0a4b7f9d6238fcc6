"""How many people of an ID domain are in which lists at once, in counts alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from linkage_service.matching import Groups

_MOST_LISTS = 64  # one bit each


def overlaps(groups: Groups, names: Sequence[str]) -> list[dict[str, Any]]:
    """The stored counts: every combination of lists that has a group, and its number of groups.

    `names` are the datasets by number; nothing is counted for more than 64. Canaries count like
    other rows.
    """
    if len(names) > _MOST_LISTS:
        return []
    lists = np.zeros(groups.count, np.uint64)
    np.bitwise_or.at(lists, groups.group, np.uint64(1) << groups.dataset.astype(np.uint64))
    found, counts = np.unique(lists, return_counts=True)
    return [
        {
            "lists": [name for place, name in enumerate(names) if int(bits) >> place & 1],
            "people": int(count),
        }
        for bits, count in zip(found, counts, strict=True)
    ]
