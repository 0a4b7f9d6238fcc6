"""Locality-sensitive hashing by bit sampling: a table samples some bits, and rows with equal
sampled bits form a block.

Rows whose filters differ in few bits often agree on sampled bits. A table samples `width` of
m bits without replacement; two filters that differ in h bits agree on all of them with

    p(h) = (m - h) / m * (m - h - 1) / (m - 1) * ...        `width` factors

and share a block in one of `tables` tables with probability 1 - (1 - p)^tables (Indyk and Motwani
1998, STOC; for record linkage Karapiperis and Verykios 2015, IEEE TKDE 27(4)). Pairs that share a
block are compared exactly, so precision is that of a search of all pairs; recall is lower.

All pairs share the tables. If two pairs differ in almost the same bits, an unlucky draw of
tables misses both. So the share of pairs found varies with the draw, however many pairs there
are, by the variance of

    P(both missed) - P(one missed)^2,   P(both missed) = (1 - 2 p(h) + p(bits of either))^tables

The promise is a lower bound: tables are added until the expected share exceeds it by
1.645 standard deviations, so that it holds for 95 of 100 draws.

Filters near a threshold of 0.6 differ in too many bits: the number of tables would be too large:
`derived` then raises BadInput. Hardened profiles use block tags instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.matching.blocks import Blocks, Filters, blocks_of, search_in_blocks
from linkage_service.matching.candidates import Candidates
from linkage_service.matching.native import native, read_only
from linkage_service.matching.similarity import (
    MILLION,
    WORD_BITS,
    bits_set,
    required_overlap,
)
from policy.base.errors import BadInput
from policy.base.words import Words

MOST_TABLES = 400
MOST_MET = 0.05  # of all pairs of strangers, in all tables together
CONFIDENCE_PPM = 950_000
_DEVIATIONS = NormalDist().inv_cdf(CONFIDENCE_PPM / MILLION)
_WIDTHS = range(8, 65, 2)
_SAMPLE = 100_000
_COUNTED = 10_000  # of the sample, bit by bit
# At most this share of the rows is larger than the two filters for which tables are designed.
_LARGER = 0.05
# In nanoseconds on one core: to put a row into a table, and to compare a pair in a block.
_ROW_COST, _PAIR_COST = 60.0, 15.0
_MOST_BLOCK_BITS = 24


@dataclass(frozen=True)
class Sampling:
    """The tables for one encoding: `tables` tables of `width` sampled bits each, out of `bits`.

    Of the pairs right at the threshold, `expected_recall` is the expected share found, and
    `least_recall` the share found at least in 95 of 100 draws of the tables (both 0 to 1).
    """

    bits: int
    width: int
    tables: int
    expected_recall: float
    least_recall: float = 0.0

    def masks(self) -> NDArray[np.uint64]:
        """The sampled bits of every table, uint64 (tables, words); always the same."""
        # RandomState: NumPy keeps its numbers the same in every version.
        random = np.random.RandomState(self.bits)
        chosen = np.zeros((self.tables, self.bits), np.uint8)
        for table in chosen:
            table[random.permutation(self.bits)[: self.width]] = 1
        packed: NDArray[np.uint64] = np.packbits(chosen, axis=1).view(np.uint64)
        return packed


def met_in_one(bits: int, width: int) -> NDArray[np.float64]:
    """Entry h: the probability that two filters which differ in h bits share a table's block."""
    agreeing = np.arange(bits, -1, -1, dtype=np.float64)
    met = np.ones(bits + 1)
    for drawn in range(min(width, bits)):
        met *= np.maximum(agreeing - drawn, 0.0) / (bits - drawn)
    return met


def derived(
    name: str, left: Filters, right: Filters, threshold_ppm: int, recall_ppm: int
) -> Sampling:
    """The cheapest tables that find at least `recall_ppm` (ppm) of pairs right at the threshold.

    This holds in 95 of 100 draws of the tables. More similar pairs are found more often. The
    sizes of filters and the distances of strangers are measured on a fixed sample.
    Raises BadInput if more than MOST_TABLES tables would be needed, or if more than MOST_MET of
    the strangers would share a block.
    """
    bits = left.shape[1] * WORD_BITS
    strangers = _strangers(left, right, threshold_ppm)
    # Assume two filters right at the threshold, of equal size, and larger than most.
    sizes = 2 * strangers.largest
    differing = min(bits, math.ceil((1 - threshold_ppm / MILLION) * sizes))
    either = min(bits, round(2 * differing - strangers.overlap * differing**2))
    best: tuple[float, Sampling] | None = None
    for width in _WIDTHS:
        met = met_in_one(bits, width)
        sampling = _enough(bits, width, float(met[differing]), float(met[either]), recall_ppm)
        meeting = float(np.sum(met[strangers.differing])) / _SAMPLE
        if sampling is None or sampling.tables * meeting > MOST_MET:
            continue
        pairs = meeting * len(left) * len(right)
        cost = sampling.tables * (_ROW_COST * (len(left) + len(right)) + _PAIR_COST * pairs)
        if best is None or cost < best[0]:
            best = cost, sampling
    if best is None:
        raise _unsuited(name, threshold_ppm)
    return best[1]


def search_table(
    left: Filters, right: Filters, sampling: Sampling, table: int, threshold_ppm: int
) -> Candidates:
    """The pairs that this table finds and no earlier table does, unordered."""
    masks = read_only(sampling.masks()[: table + 1])
    block_bits = min(_MOST_BLOCK_BITS, max(1, max(len(left), len(right)).bit_length()))
    ours, theirs = (_blocks(side, masks[table], block_bits) for side in (left, right))
    found = search_in_blocks(left, right, ours, theirs, threshold_ppm)
    met_first = _first_met(
        read_only(left),
        read_only(right),
        read_only(found.left_row),
        read_only(found.right_row),
        masks,
    )
    return found.take(met_first == table)


def _enough(bits: int, width: int, met: float, either: float, recall_ppm: int) -> Sampling | None:
    """The fewest tables that keep the promise; None if MOST_TABLES are too few.

    `met` is the probability that a pair shares a block, `either` that two given pairs both do.
    """
    tables = np.arange(1, MOST_TABLES + 1)
    missed = (1 - met) ** tables
    variance = np.maximum((1 - 2 * met + either) ** tables - missed**2, 0.0)
    least = 1 - missed - _DEVIATIONS * np.sqrt(variance)
    # With one table both pairs or none may be found; more tables never promise less.
    enough = np.flatnonzero(least >= recall_ppm / MILLION)
    if not len(enough):
        return None
    at = enough[0]
    return Sampling(bits, width, int(tables[at]), float(1 - missed[at]), float(least[at]))


@dataclass(frozen=True, eq=False)
class _Strangers:
    """Measurements on random pairs of rows.

    `differing`: in how many bits pairs below the threshold differ. `overlap`: the probability that
    two pairs differ in the same bit: 1 / bits, or more if some bits differ more often
    than others. `largest`: a filter size that few filters exceed.
    """

    differing: NDArray[np.int64]
    overlap: float
    largest: float


def _strangers(left: Filters, right: Filters, threshold_ppm: int) -> _Strangers:
    random = np.random.RandomState(0)
    a, b = (side[random.randint(0, len(side), _SAMPLE)] for side in (left, right))
    differ = a ^ b
    differing = np.bitwise_count(differ).sum(axis=1, dtype=np.int64)
    sizes = bits_set(a), bits_set(b)
    sums = sizes[0] + sizes[1]
    below = sums - differing < required_overlap(threshold_ppm, int(sums.max()))[sums] * 2
    largest = max(float(np.quantile(each, 1 - _LARGER)) for each in sizes)
    # Matching pairs differ in bits that are often set, or that often differ between strangers.
    overlap = max(_overlap(each[:_COUNTED]) for each in (differ, a, b))
    return _Strangers(differing[below], overlap, largest)


def _overlap(filters: Filters) -> float:
    """The probability that two random set bits of the filters are the same bit position."""
    often = np.unpackbits(filters.view(np.uint8), axis=1).sum(axis=0, dtype=np.float64)
    every = float(often.sum())
    return float(np.sum(often**2)) / every**2 if every else 1.0


def _blocks(filters: Filters, mask: NDArray[np.uint64], block_bits: int) -> Blocks:
    words = np.flatnonzero(mask)
    numbers = _hashed(read_only(filters), words, mask[words], block_bits)
    return blocks_of(numbers, 1 << block_bits)


@native
def _hashed(
    filters: NDArray[np.uint64], words: NDArray[np.int64], masks: NDArray[np.uint64], bits: int
) -> NDArray[np.uint32]:
    """Block numbers from sampled bits. Different bits may collide: each pair is compared again."""
    numbers = np.empty(filters.shape[0], np.uint32)
    odd = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: Fibonacci hashing
    shift = np.uint64(64 - bits)
    for row in range(filters.shape[0]):
        mixed = np.uint64(0)
        for at in range(words.shape[0]):
            mixed = (mixed ^ (filters[row, words[at]] & masks[at])) * odd
            mixed ^= mixed >> np.uint64(32)
        numbers[row] = (mixed * odd) >> shift
    return numbers


@native
def _first_met(
    left: NDArray[np.uint64],
    right: NDArray[np.uint64],
    left_rows: NDArray[np.uint32],
    right_rows: NDArray[np.uint32],
    masks: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """The first table in which each pair shares a block; the number of tables if there is none."""
    first = np.empty(left_rows.shape[0], np.int64)
    for pair in range(left_rows.shape[0]):
        table = 0
        while table < masks.shape[0]:
            agree = True
            for word in range(masks.shape[1]):
                differ = left[left_rows[pair], word] ^ right[right_rows[pair], word]
                if differ & masks[table, word]:
                    agree = False
                    break
            if agree:
                break
            table += 1
        first[pair] = table
    return first


def _unsuited(name: str, threshold_ppm: int) -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_SAMPLING,
        Words(
            f"Pada ambang {threshold_ppm}, sampel bit dari '{name}' tidak membedakan orang yang"
            " sama dari orang lain.",
            f"At threshold {threshold_ppm}, sampled bits of '{name}' do not tell who is the same"
            " from strangers.",
        ),
        Words(
            "Pakai tanda blok pada penyandian itu di piagam, atau pencarian semua pasangan.",
            "Give that encoding block tags in the charter, or search all pairs.",
        ),
    )
