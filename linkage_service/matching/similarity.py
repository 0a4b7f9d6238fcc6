"""Exact Dice similarity of Bloom filters, all pairs of two sides.

    Dice(a, b) = 2 |a AND b| / (|a| + |b|)

as Schnell, Bachteler and Reiher (2009, BMC Medical Informatics and Decision
Making 9:41) use it for records. |x| is the number of bits set.

Thresholds are whole parts per million and compared in integers,

    2 000 000 |a AND b| >= threshold_ppm (|a| + |b|)

so that no rounding decides on a pair. Filters that share no bit have
similarity 0, two empty ones too, as in anonlink.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates, concatenate
from linkage_service.matching.kernel import LANES, STEP, overlap_of_rows, search
from linkage_service.matching.native import read_only
from policy.errors import BadInput
from policy.words import Words

MILLION = 1_000_000
# With a limit k, this many comparisons at a time bound the memory for pairs
# that do not make it.
COMPARISONS_PER_LIMIT = 2**24


def dice_pairs(
    left: NDArray[np.uint64],
    right: NDArray[np.uint64],
    threshold_ppm: int,
    *,
    k: int | None = None,
) -> Candidates:
    """All pairs of a left and a right filter with Dice >= threshold, in the solver's order.

    `left` is uint64 (n, words), `right` uint64 (m, words). Rows in the result
    count from 0 on both sides; the left side is dataset 0 and the right one 1.
    With `k`, a left row keeps its k most similar right rows, the lower row where
    similarities tie; a right row may still appear more often than that.
    """
    check_filters(left, right)
    check_ppm(threshold_ppm)
    if k is None:
        return _search(left, right, threshold_ppm).ordered()
    rows = max(1, COMPARISONS_PER_LIMIT // max(1, right.shape[0]))
    parts = []
    for start in range(0, left.shape[0], rows):
        part = _search(left[start : start + rows], right, threshold_ppm)
        parts.append(_best_of_each_left_row(part, k).placed(0, 1, start, 0))
    return concatenate(parts).ordered()


def dice_of_rows(
    left: NDArray[np.uint64],
    right: NDArray[np.uint64],
    left_rows: NDArray[np.int64],
    right_rows: NDArray[np.int64],
    threshold_ppm: int,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Dice coefficients of chosen pairs, float64, and which of them reach the threshold.

    Filters as in `dice_pairs`; the two arrays of rows are int64 and of one length.
    """
    check_filters(left, right)
    check_ppm(threshold_ppm)
    common = overlap_of_rows(
        read_only(left), read_only(right), read_only(left_rows), read_only(right_rows)
    )
    bits = bits_set(left)[left_rows] + bits_set(right)[right_rows]
    required = required_overlap(threshold_ppm, int(bits.max(initial=0)))
    return dice(common, bits), common >= required[bits]


def dice(common: NDArray[np.integer], bits: NDArray[np.integer]) -> NDArray[np.float64]:
    """2 * common / bits, correctly rounded; 0 where neither filter has a bit."""
    coefficients: NDArray[np.float64] = 2.0 * common / np.maximum(bits, 1)
    return coefficients


def bits_set(filters: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Popcount of each filter, int64 (n,)."""
    counts: NDArray[np.int64] = np.bitwise_count(filters).sum(axis=1, dtype=np.int64)
    return counts


def required_overlap(threshold_ppm: int, most_bits: int) -> NDArray[np.int64]:
    """Entry s: the least |a AND b| that makes a candidate where |a| + |b| = s."""
    bits = np.arange(most_bits + 1, dtype=np.int64)
    least = -(-threshold_ppm * bits // (2 * MILLION))
    # Nothing in common is similarity 0: enough for threshold 0 alone.
    return np.maximum(least, min(threshold_ppm, 1))


def _search(left: NDArray[np.uint64], right: NDArray[np.uint64], threshold_ppm: int) -> Candidates:
    """Sort both sides by popcount, skip what popcounts alone rule out, compare the rest."""
    left_bits, right_bits = bits_set(left), bits_set(right)
    left_order = np.argsort(left_bits, kind="stable")
    right_order = np.argsort(right_bits, kind="stable")
    left_bits, right_bits = left_bits[left_order], right_bits[right_order]
    blocks, block_bits, lanes = _blocks(right[right_order], right_bits)
    first, last = _admissible(left_bits, block_bits, lanes, threshold_ppm)
    most_bits = int(left_bits.max(initial=0) + right_bits.max(initial=0))
    left_at, right_at, common = search(
        read_only(_padded(left[left_order])),
        read_only(left_bits),
        read_only(blocks),
        read_only(block_bits),
        read_only(lanes),
        read_only(first),
        read_only(last),
        read_only(required_overlap(threshold_ppm, most_bits)),
    )
    return Candidates(
        similarity=dice(common, left_bits[left_at] + right_bits[right_at]),
        left_dataset=np.zeros(common.shape, np.uint16),
        right_dataset=np.ones(common.shape, np.uint16),
        left_row=left_order[left_at].astype(np.uint32),
        right_row=right_order[right_at].astype(np.uint32),
    )


def _padded(filters: NDArray[np.uint64]) -> NDArray[np.uint64]:
    missing = -filters.shape[1] % STEP
    return np.pad(filters, ((0, 0), (0, missing))) if missing else filters


def _blocks(
    filters: NDArray[np.uint64], bits: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Transposed blocks (blocks, words, LANES), popcounts (blocks, LANES), records in each."""
    missing = -filters.shape[0] % LANES
    filled = np.pad(_padded(filters), ((0, missing), (0, 0)))
    blocks = filled.reshape(-1, LANES, filled.shape[1]).transpose(0, 2, 1)
    lanes = np.full(blocks.shape[0], LANES, np.int64)
    lanes[-1:] -= missing
    return np.ascontiguousarray(blocks), np.pad(bits, (0, missing)).reshape(-1, LANES), lanes


def _admissible(
    left_bits: NDArray[np.int64],
    block_bits: NDArray[np.int64],
    lanes: NDArray[np.int64],
    threshold_ppm: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Left rows that may match a block: 2 min(|a|, |b|) >= t (|a| + |b|), else Dice is below t.

    Rows and blocks are sorted by popcount, so the admissible rows are one range.
    """
    at_most = 2 * MILLION - threshold_ppm
    fewest = block_bits[:, 0]
    most = block_bits[np.arange(lanes.shape[0]), lanes - 1]
    first = np.searchsorted(left_bits * at_most, fewest * threshold_ppm, side="left")
    last = np.searchsorted(left_bits * threshold_ppm, most * at_most, side="right")
    return first.astype(np.int64), last.astype(np.int64)


def _best_of_each_left_row(pairs: Candidates, k: int) -> Candidates:
    pairs = pairs.take(np.lexsort((pairs.right_row, -pairs.similarity, pairs.left_row)))
    starts = np.searchsorted(pairs.left_row, pairs.left_row, side="left")
    return pairs.take(np.arange(len(pairs)) - starts < k)


def check_filters(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> None:
    """BadInput unless both sides are uint64 (n, words) with as many words."""
    for side in (left, right):
        if side.ndim != 2 or side.dtype != np.uint64:
            raise _different_filters()
    if left.shape[1] != right.shape[1] or left.shape[1] == 0:
        raise _different_filters()


def check_ppm(threshold_ppm: int) -> None:
    """BadInput unless the threshold is 0 to 1 000 000 parts per million."""
    if not 0 <= threshold_ppm <= MILLION:
        raise BadInput(
            "matching.threshold",
            Words(
                f"Ambang {threshold_ppm} di luar 0 sampai {MILLION} bagian per sejuta.",
                f"Threshold {threshold_ppm} is not 0 to {MILLION} parts per million.",
            ),
            Words("Perbaiki ambang itu di piagam.", "Correct that threshold in the charter."),
        )


def _different_filters() -> BadInput:
    return BadInput(
        "matching.filters-differ",
        Words(
            "Filter Bloom kedua pihak tidak sama panjang.",
            "The Bloom filters of the two sides differ in length.",
        ),
        Words(
            "Semua lembaga harus memakai skema piagam yang sama.",
            "All agencies must encode with the same schema of the charter.",
        ),
    )
