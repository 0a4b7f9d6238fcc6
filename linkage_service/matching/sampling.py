"""Locality-sensitive hashing by bit sampling: a table is some bits, a block the rows that agree.

Rows whose filters differ in few bits agree on sampled bits often. With `width` bits a table,
two filters of m bits that differ in h of them meet in one table with probability
(1 - h / m)^width, and in one of `tables` tables with 1 - (1 - (1 - h / m)^width)^tables
(Indyk and Motwani 1998, STOC; for record linkage Karapiperis and Verykios 2015, IEEE TKDE 27(4)).
What meets is compared exactly, so precision is that of the search of all pairs; recall is not.

Filters near a threshold of .6 differ in so many bits that no number of tables is worth it:
`derived` then refuses. Hardened profiles are for block tags.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.blocks import Blocks, Filters, blocks_of, search_in_blocks
from linkage_service.matching.candidates import Candidates
from linkage_service.matching.native import native, read_only
from linkage_service.matching.similarity import (
    MILLION,
    WORD_BITS,
    bits_set,
    required_overlap,
)
from policy.errors import BadInput
from policy.words import Words

MOST_TABLES = 400
MOST_MET = 0.05  # of all pairs of strangers, in all tables together
_WIDTHS = range(8, 65, 2)
_SAMPLE = 100_000
# Rows' filters are larger at this share of pairs than the two that tables are made for.
_LARGER = 0.05
# In nanoseconds, of one core: to put a row into a table, and to compare a pair that met.
_ROW_COST, _PAIR_COST = 60.0, 15.0
_MOST_BLOCK_BITS = 24


@dataclass(frozen=True)
class Sampling:
    """The tables for one encoding: `tables` of them, `width` bits each, of `bits` in all."""

    bits: int
    width: int
    tables: int
    expected_recall: float

    def masks(self) -> NDArray[np.uint64]:
        """The sampled bits of every table, uint64 (tables, words); always the same."""
        # RandomState: NumPy keeps its numbers the same in every version.
        random = np.random.RandomState(self.bits)
        chosen = np.zeros((self.tables, self.bits), np.uint8)
        for table in chosen:
            table[random.permutation(self.bits)[: self.width]] = 1
        packed: NDArray[np.uint64] = np.packbits(chosen, axis=1).view(np.uint64)
        return packed


def met_in_one(differing: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """How likely filters meet in one table that differ in this share of their bits."""
    shares: NDArray[np.float64] = (1.0 - differing) ** width
    return shares


def derived(
    name: str, left: Filters, right: Filters, threshold_ppm: int, recall_ppm: int
) -> Sampling:
    """The cheapest tables that find `recall_ppm` of the pairs right at the threshold.

    More similar pairs are found more often. Sizes of filters, and how far strangers are apart,
    are taken from a sample that is always the same. BadInput where it would take more than
    MOST_TABLES, or where more than MOST_MET of the strangers would meet.
    """
    bits = left.shape[1] * WORD_BITS
    strangers, sums = _sample(left, right, threshold_ppm)
    largest = float(np.quantile(sums, 1 - _LARGER))
    differing = np.array([(1 - threshold_ppm / MILLION) * largest / bits])
    best: tuple[float, Sampling] | None = None
    for width in _WIDTHS:
        met = float(met_in_one(differing, width)[0])
        tables = _tables(met, recall_ppm)
        meeting = float(np.sum(met_in_one(strangers, width))) / _SAMPLE
        if tables > MOST_TABLES or tables * meeting > MOST_MET:
            continue
        pairs = meeting * len(left) * len(right)
        cost = tables * (_ROW_COST * (len(left) + len(right)) + _PAIR_COST * pairs)
        if best is None or cost < best[0]:
            best = cost, Sampling(bits, width, tables, 1 - (1 - met) ** tables)
    if best is None:
        raise _unsuited(name, threshold_ppm)
    return best[1]


def search_table(
    left: Filters, right: Filters, sampling: Sampling, table: int, threshold_ppm: int
) -> Candidates:
    """What one table finds and no earlier one does, in no order."""
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


def _tables(met: float, recall_ppm: int) -> int:
    if met >= 1:
        return 1
    missed = math.log1p(-met)
    return math.ceil(math.log1p(-recall_ppm / MILLION) / missed) if missed else MOST_TABLES + 1


def _sample(
    left: Filters, right: Filters, threshold_ppm: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Of random pairs the bits of both; of those below the threshold the share that differs."""
    random = np.random.RandomState(0)
    a, b = (side[random.randint(0, len(side), _SAMPLE)] for side in (left, right))
    differing = np.bitwise_count(a ^ b).sum(axis=1, dtype=np.int64)
    sums = bits_set(a) + bits_set(b)
    below = sums - differing < required_overlap(threshold_ppm, int(sums.max()))[sums] * 2
    return differing[below] / (left.shape[1] * WORD_BITS), sums


def _blocks(filters: Filters, mask: NDArray[np.uint64], block_bits: int) -> Blocks:
    words = np.flatnonzero(mask)
    numbers = _hashed(read_only(filters), words, mask[words], block_bits)
    return blocks_of(numbers, 1 << block_bits)


@native
def _hashed(
    filters: NDArray[np.uint64], words: NDArray[np.int64], masks: NDArray[np.uint64], bits: int
) -> NDArray[np.uint32]:
    """Sampled bits to a block number. Unlike ones may share it: each pair is looked at again."""
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
    """The first of these tables in which the rows of each pair agree; their number if in none."""
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
        "matching.sampling",
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
