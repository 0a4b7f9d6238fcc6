"""Short forms of filters that rule out pairs: fewer words to compare, and no pair lost.

XOR-fold a filter of many words to m: word i goes into word i mod m. The folds of two filters
are the fold of their difference, and folding can only cancel bits, so the Hamming distance of
two folds is at most that of the filters. Dice >= t means Hamming <= (1 - t)(|a| + |b|); a pair
whose folds differ in more bits than that is ruled out after m words of work.

A fold helps until it is saturated: two unrelated folds of m words differ in about 32 m
bits. So a high threshold allows short folds, and hardened encodings (half of the bits set,
threshold near 0.6) allow none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

_SAMPLE = 128
# Fewer pairs than this are compared whole in less time than a trial takes.
_WORTH_A_TRIAL = 4_000_000
# Cost of comparing one pair on a core with AVX-512, relative to a whole comparison of 16
# words: per word, fixed, and per pair that must be compared again.
_WORD, _BASE, _AGAIN = 0.055, 0.06, 12.0
_SHORTEST = 2


def fold(filters: Words, words: int) -> Words:
    """uint64 (n, words) from uint64 (n, more words), by XOR."""
    if words >= filters.shape[1]:
        return filters
    missing = -filters.shape[1] % words
    filled = np.pad(filters, ((0, 0), (0, missing))) if missing else filters
    folded: Words = np.bitwise_xor.reduce(filled.reshape(len(filters), -1, words), axis=1)
    return folded


def best_length(
    left: Words,
    left_bits: NDArray[np.int64],
    right: Words,
    right_bits: NDArray[np.int64],
    allowed: NDArray[np.int64],
) -> int:
    """How many words to compare first, tried on some rows; all words if no fold helps.

    Both sides are sorted by popcount. `allowed[s]` is the greatest Hamming distance of a pair
    with s bits set. The choice changes the time of a search, but not its result.
    """
    whole: int = left.shape[1]
    if len(left) * len(right) < _WORTH_A_TRIAL:
        return whole
    at_left, at_right = _some(len(left)), _some(len(right))
    some_left, some_right = left[at_left], right[at_right]
    limit = allowed[left_bits[at_left][:, np.newaxis] + right_bits[at_right]]
    best = whole
    least = _WORD * whole + _BASE
    for words in range(_SHORTEST, whole // 2 + 1):
        cost = _WORD * words + _BASE
        if cost >= least:
            break
        differ = fold(some_left, words)[:, np.newaxis] ^ fold(some_right, words)
        distance = np.bitwise_count(differ).sum(axis=2, dtype=np.int64)
        cost += _AGAIN * float(np.mean(distance <= limit))
        if cost < least:
            best, least = words, cost
    return best


def _some(rows: int) -> NDArray[np.int64]:
    """Evenly spaced rows of a side that is sorted by popcount."""
    return np.linspace(0, rows - 1, min(rows, _SAMPLE)).astype(np.int64)
