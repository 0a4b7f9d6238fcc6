"""Exact Dice similarity of Bloom filters, all pairs of two sides.

    Dice(a, b) = 2 |a AND b| / (|a| + |b|)

as Schnell, Bachteler and Reiher (2009, BMC Medical Informatics and Decision
Making 9:41) use it for records. |x| is the number of bits set.

Thresholds are whole parts per million, or fractions (`dice_pairs_from`), and are compared in
integers,

    2 000 000 |a AND b| >= threshold_ppm (|a| + |b|)

so that no rounding decides on a pair. Filters without a common bit have
similarity 0, also two empty filters, as in anonlink.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.matching.candidates import Candidates, concatenate
from linkage_service.matching.folds import best_length, fold
from linkage_service.matching.kernel import GROUP, overlap_of_rows, search
from linkage_service.matching.native import read_only
from policy.base.errors import BadInput
from policy.base.words import Words

MILLION = 1_000_000
# The most pairs that can pass at once: this bounds the memory for results.
COMPARISONS_AT_ONCE = 2**23
WORD_BITS = 64
# Right records (or their folds) that are compared with one left record after another: half
# of a core's first-level cache.
_BLOCK_BYTES = 1 << 14


def dice_pairs(
    left: NDArray[np.uint64],
    right: NDArray[np.uint64],
    threshold_ppm: int,
    *,
    k: int | None = None,
) -> Candidates:
    """All pairs of a left and a right filter with Dice >= threshold (ppm), in the solver's order.

    `left` is uint64 (n, words), `right` uint64 (m, words). Rows in the result
    count from 0 on both sides; the left side is dataset 0 and the right one 1.
    With `k`, a left row keeps its k most similar right rows, in ties the lower
    row; a right row may still appear more than k times. Raises BadInput for invalid arguments.
    """
    if k is None:
        check_filters(left, right)
        check_ppm(threshold_ppm)
        return _search(_sorted(left), _sorted(right), _Threshold.of_ppm(threshold_ppm)).ordered()
    return concatenate(dice_parts(left, right, threshold_ppm, k=k)).ordered()


def dice_pairs_from(
    left: NDArray[np.uint64], right: NDArray[np.uint64], threshold: Fraction
) -> Candidates:
    """`dice_pairs` for any threshold t above 0 and up to 1: 2 |a AND b| >= t (|a| + |b|), exactly.

    Raises ValueError for any other threshold.
    """
    check_filters(left, right)
    if not 0 < threshold <= 1:
        raise ValueError("a threshold is above 0 and at most 1")
    return _search(_sorted(left), _sorted(right), _Threshold(threshold)).ordered()


def dice_parts(
    left: NDArray[np.uint64],
    right: NDArray[np.uint64],
    threshold_ppm: int,
    *,
    k: int | None = None,
) -> Iterator[Candidates]:
    """The result of `dice_pairs` in parts, by left rows; each part in the solver's order.

    A part has at most as many pairs as were compared for it at once (`COMPARISONS_AT_ONCE`, or
    one left row with all right rows): about 400 MB at worst.
    """
    check_filters(left, right)
    check_ppm(threshold_ppm)
    other = _sorted(right)
    rows = max(1, COMPARISONS_AT_ONCE // max(1, right.shape[0]))
    for start in range(0, left.shape[0], rows):
        threshold = _Threshold.of_ppm(threshold_ppm)
        part = _search(_sorted(left[start : start + rows]), other, threshold)
        part = part.ordered() if k is None else _best_of_each_left_row(part, k)
        yield part.placed(0, 1, start, 0)


def dice_of_rows(
    left: NDArray[np.uint64],
    right: NDArray[np.uint64],
    left_rows: NDArray[np.int64],
    right_rows: NDArray[np.int64],
    threshold_ppm: int,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Dice coefficients of chosen pairs, float64, and a mask of those that reach the threshold.

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
    """2 * common / bits, correctly rounded; 0 if both filters are empty."""
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
    # Without a common bit the similarity is 0: enough only for threshold 0.
    return np.maximum(least, min(threshold_ppm, 1))


@dataclass(frozen=True)
class _Threshold:
    """A threshold as an exact fraction."""

    exact: Fraction

    @classmethod
    def of_ppm(cls, threshold_ppm: int) -> _Threshold:
        return cls(Fraction(threshold_ppm, MILLION))

    @property
    def floor_ppm(self) -> int:
        """The threshold rounded down to whole ppm: a pair below this is below the threshold too."""
        return self.exact.numerator * MILLION // self.exact.denominator

    def required_overlap(self, most_bits: int) -> NDArray[np.int64]:
        """Entry s: the least |a AND b| that makes a candidate where |a| + |b| = s."""
        if MILLION % self.exact.denominator == 0:
            return required_overlap(self.floor_ppm, most_bits)
        # Python's integers: numerator and denominator may exceed 64 bits.
        top, bottom = self.exact.numerator, 2 * self.exact.denominator
        least = [-(-top * bits // bottom) for bits in range(most_bits + 1)]
        return np.maximum(np.array(least, np.int64), 1)


@dataclass(frozen=True, eq=False)
class _Sorted:
    """Filters sorted by popcount, and their original positions."""

    filters: NDArray[np.uint64]
    bits: NDArray[np.int64]
    row: NDArray[np.int64]


def _sorted(filters: NDArray[np.uint64]) -> _Sorted:
    bits = bits_set(filters)
    order = np.argsort(bits, kind="stable")
    return _Sorted(filters[order], bits[order], order)


def _search(left: _Sorted, right: _Sorted, threshold: _Threshold) -> Candidates:
    """Skip pairs that popcounts rule out, then those that folds rule out; compare the rest."""
    most_bits = int(left.bits.max(initial=0) + right.bits.max(initial=0))
    allowed = np.arange(most_bits + 1) - 2 * threshold.required_overlap(most_bits)
    words = best_length(left.filters, left.bits, right.filters, right.bits, allowed)
    groups = _grouped(fold(right.filters, words))
    groups_at_once = max(1, _BLOCK_BYTES // (groups.shape[1] * GROUP * WORD_BITS // 8))
    block = GROUP * groups_at_once
    first, last = _admissible(left.bits, right.bits, block, threshold.floor_ppm)
    left_at, right_at, common = search(
        read_only(left.filters),
        read_only(left.bits),
        read_only(fold(left.filters, words)),
        read_only(right.filters),
        read_only(right.bits),
        read_only(groups),
        groups_at_once,
        read_only(first),
        read_only(last),
        read_only(allowed),
        read_only(np.maximum.accumulate(allowed)),
    )
    return Candidates(
        similarity=dice(common, left.bits[left_at] + right.bits[right_at]),
        left_dataset=np.zeros(common.shape, np.uint16),
        right_dataset=np.ones(common.shape, np.uint16),
        left_row=left.row[left_at].astype(np.uint32),
        right_row=right.row[right_at].astype(np.uint32),
    )


def _grouped(filters: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Transposed groups (groups, words, GROUP); the last one is filled with empty filters."""
    filled = np.pad(filters, ((0, -filters.shape[0] % GROUP), (0, 0)))
    groups = filled.reshape(-1, GROUP, filters.shape[1]).transpose(0, 2, 1)
    return np.ascontiguousarray(groups)


def _admissible(
    left_bits: NDArray[np.int64],
    right_bits: NDArray[np.int64],
    block: int,
    threshold_ppm: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Left rows that may match a block: 2 min(|a|, |b|) >= t (|a| + |b|), otherwise Dice < t.

    Rows are sorted by popcount, so the admissible rows of each `block` rows are one range.
    """
    at_most = 2 * MILLION - threshold_ppm
    starts = np.arange(0, len(right_bits), block)
    fewest = right_bits[starts]
    most = right_bits[np.minimum(starts + block, len(right_bits)) - 1]
    first = np.searchsorted(left_bits * at_most, fewest * threshold_ppm, side="left")
    last = np.searchsorted(left_bits * threshold_ppm, most * at_most, side="right")
    return first.astype(np.int64), last.astype(np.int64)


def _best_of_each_left_row(pairs: Candidates, k: int) -> Candidates:
    pairs = pairs.take(np.lexsort((pairs.right_row, -pairs.similarity, pairs.left_row)))
    starts = np.searchsorted(pairs.left_row, pairs.left_row, side="left")
    return pairs.take(np.arange(len(pairs)) - starts < k)


def check_filters(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> None:
    """Raises BadInput unless both sides are uint64 (n, words) with equal words."""
    for side in (left, right):
        if side.ndim != 2 or side.dtype != np.uint64:
            raise _different_filters()
    if left.shape[1] != right.shape[1] or left.shape[1] == 0:
        raise _different_filters()


def check_ppm(threshold_ppm: int) -> None:
    """Raises BadInput unless the threshold is 0 to 1 000 000 parts per million."""
    if not 0 <= threshold_ppm <= MILLION:
        raise BadInput(
            ServiceCode.MATCHING_THRESHOLD,
            Words(
                f"Ambang {threshold_ppm} di luar 0 sampai {MILLION} bagian per sejuta.",
                f"Threshold {threshold_ppm} is not 0 to {MILLION} parts per million.",
            ),
            Words("Perbaiki ambang itu di piagam.", "Correct that threshold in the charter."),
        )


def _different_filters() -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_FILTERS_DIFFER,
        Words(
            "Filter Bloom kedua pihak tidak sama panjang.",
            "The Bloom filters of the two sides differ in length.",
        ),
        Words(
            "Semua lembaga harus memakai skema piagam yang sama.",
            "All agencies must encode with the same schema of the charter.",
        ),
    )
