"""Stable sorting of 64-bit numbers, a digit at a time from the lowest (LSD radix sort).

Knuth, The Art of Computer Programming 3, section 5.2.5. A digit that all numbers share is
read once and needs no pass.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.native import native, read_only

DIGIT_BITS = 11  # 2048 places to write to: they stay in a core's first cache


def sorting_order(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Positions, int64, of the numbers in ascending order; equal numbers keep their order."""
    return _order(read_only(keys))


@native
def _order(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    total = keys.shape[0]
    order = np.arange(total)
    if total < 2:
        return order
    same_ones, some_ones = keys[0], keys[0]
    for i in range(total):
        same_ones &= keys[i]
        some_ones |= keys[i]
    differing = same_ones ^ some_ones
    moved = keys.copy()
    other_keys, other_order = np.empty_like(moved), np.empty_like(order)
    digits = np.uint64((1 << DIGIT_BITS) - 1)
    for start in range(0, 64, DIGIT_BITS):
        shift = np.uint64(start)
        if (differing >> shift) & digits == 0:
            continue
        places = np.zeros(1 << DIGIT_BITS, np.int64)
        for i in range(total):
            places[(moved[i] >> shift) & digits] += 1
        at = 0
        for digit in range(places.shape[0]):
            count = places[digit]
            places[digit] = at
            at += count
        for i in range(total):
            digit = (moved[i] >> shift) & digits
            place = places[digit]
            places[digit] = place + 1
            other_keys[place], other_order[place] = moved[i], order[i]
        moved, other_keys = other_keys, moved
        order, other_order = other_order, order
    return order
