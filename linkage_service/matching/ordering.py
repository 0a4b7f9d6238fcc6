"""Tens of millions of candidate pairs, each once, in the solver's order.

Except in the largest runs, a pair's datasets and rows fit into one 64-bit number. One sort of
these numbers finds repeated pairs, and one stable sort of the similarities gives the order;
sorting five columns in turn takes several times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates, concatenate, no_candidates
from linkage_service.matching.native import native, read_only
from linkage_service.matching.radix import sorting_order

KEY_BITS = 64
# The number of new pairs that `merged` reads before it sorts: about 550 MB of memory.
PAIRS_AT_ONCE = 1 << 22


def in_order(candidates: Candidates) -> Candidates:
    """Every pair once, with its largest similarity, in the order of `ordered()`.

    In addition to the pairs and the result (20 bytes a pair each) it needs about 50 bytes a
    pair of working memory.
    """
    key = _pair_key(candidates)
    if key is None or len(candidates) == 0:
        return candidates.unique().ordered()
    by_pair = sorting_order(key)
    key = key[by_pair]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    similarity = np.maximum.reduceat(candidates.similarity[by_pair], first)
    by_pair = by_pair[first]
    del key, first
    # Floating point numbers of one sign are in the order of their bits.
    by_similarity = sorting_order(~np.abs(similarity).view(np.uint64))
    found = candidates.take(by_pair[by_similarity])
    return Candidates(similarity[by_similarity], *found.columns()[1:])


def merged(
    parts: Iterable[Candidates], keep: Callable[[Candidates], Candidates] | None = None
) -> Candidates:
    """All pairs of all parts, as `in_order`, read one part after the other.

    `keep` chooses among the pairs read so far, in order. Memory holds little more than the
    pairs that stay: a pair that several encodings found is held once.
    """
    held, waiting, pairs = no_candidates(), list[Candidates](), 0
    for part in parts:
        waiting.append(part)
        pairs += len(part)
        if pairs > max(PAIRS_AT_ONCE, len(held)):
            held = _merged(held, waiting, keep)
            waiting, pairs = [], 0
    return _merged(held, waiting, keep)


def _merged(
    held: Candidates,
    waiting: list[Candidates],
    keep: Callable[[Candidates], Candidates] | None,
) -> Candidates:
    together = in_order(concatenate([held, *waiting]))
    return together if keep is None else keep(together)


def is_in_order(candidates: Candidates) -> bool:
    """Whether these pairs are in the order of `ordered()`, without adjacent duplicates.

    True for every result of `in_order`, and for every part of it. A pair with two different
    similarities goes unnoticed; the solver takes the first and ignores the other.
    """
    return bool(_is_in_order(*(read_only(column) for column in candidates.columns())))


def _pair_key(candidates: Candidates) -> NDArray[np.uint64] | None:
    """Datasets, then rows, as one number; None where 64 bits are too few."""
    columns = candidates.columns()[1:]
    widths = [int(column.max(initial=0)).bit_length() for column in columns]
    if sum(widths) > KEY_BITS:
        return None
    key = np.zeros(len(candidates), np.uint64)
    for column, width in zip(columns, widths, strict=True):
        key <<= np.uint64(width)
        key |= column
    return key


@native
def _is_in_order(
    similarity: NDArray[np.float64],
    left_dataset: NDArray[np.uint16],
    right_dataset: NDArray[np.uint16],
    left_row: NDArray[np.uint32],
    right_row: NDArray[np.uint32],
) -> bool:
    for i in range(1, similarity.shape[0]):
        if similarity[i] != similarity[i - 1]:
            if similarity[i] > similarity[i - 1]:
                return False
        elif left_dataset[i] != left_dataset[i - 1]:
            if left_dataset[i] < left_dataset[i - 1]:
                return False
        elif right_dataset[i] != right_dataset[i - 1]:
            if right_dataset[i] < right_dataset[i - 1]:
                return False
        elif left_row[i] != left_row[i - 1]:
            if left_row[i] < left_row[i - 1]:
                return False
        elif right_row[i] <= right_row[i - 1]:
            return False
    return True
