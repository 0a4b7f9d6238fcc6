"""The innermost loops, compiled: how many bits do two filters have in common?

Records of the right side come transposed in blocks of `LANES`, so that one
instruction handles a word of many records. The loops are plain; LLVM turns them
into vector code (checked: AVX-512 VPOPCNTQ on 64 bytes at a time).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.native import native, popcount

LANES = 128  # right records in a block; a block of 1024-bit filters fills 16 KB of L1
STEP = 4  # words handled in one pass over a block; filters are padded to a multiple


@native
def _count_common(
    row: NDArray[np.uint64], block: NDArray[np.uint64], common: NDArray[np.int64]
) -> np.int64:
    """Fill `common` with the overlap of one left record and each of a block; the largest."""
    for lane in range(LANES):
        common[lane] = 0
    for first in range(0, row.shape[0], STEP):
        for lane in range(LANES):
            bits = np.uint64(0)
            for word in range(STEP):
                bits += popcount(row[first + word] & block[first + word, lane])
            common[lane] += np.int64(bits)
    largest = np.int64(0)
    for lane in range(LANES):
        largest = max(largest, common[lane])
    return largest


@native
def _grown(column: NDArray[np.uint32], used: int, wanted: int) -> NDArray[np.uint32]:
    if wanted <= column.shape[0]:
        return column
    longer = np.empty(max(wanted, 2 * column.shape[0]), np.uint32)
    longer[:used] = column[:used]
    return longer


@native
def search(
    left: NDArray[np.uint64],
    left_bits: NDArray[np.int64],
    blocks: NDArray[np.uint64],
    right_bits: NDArray[np.int64],
    lanes: NDArray[np.int64],
    first_left: NDArray[np.int64],
    last_left: NDArray[np.int64],
    required: NDArray[np.int64],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]:
    """Every pair whose overlap reaches `required[bits of left + bits of right]`.

    `left` is (n, words), `blocks` (blocks, words, LANES), `right_bits` (blocks,
    LANES) in increasing order, `lanes` the number of real records in each block.
    Block b is compared with left records first_left[b] up to last_left[b].
    Returns left rows, right rows and overlaps, a pair at a time.
    """
    found = 0
    left_rows = np.empty(1024, np.uint32)
    right_rows = np.empty(1024, np.uint32)
    overlaps = np.empty(1024, np.uint32)
    common = np.empty(LANES, np.int64)
    for b in range(blocks.shape[0]):
        for row in range(first_left[b], last_left[b]):
            largest = _count_common(left[row], blocks[b], common)
            # A block is sorted by popcount: its first record asks for the least.
            if largest < required[left_bits[row] + right_bits[b, 0]]:
                continue
            left_rows = _grown(left_rows, found, found + LANES)
            right_rows = _grown(right_rows, found, found + LANES)
            overlaps = _grown(overlaps, found, found + LANES)
            for lane in range(lanes[b]):
                if common[lane] >= required[left_bits[row] + right_bits[b, lane]]:
                    left_rows[found] = row
                    right_rows[found] = b * LANES + lane
                    overlaps[found] = common[lane]
                    found += 1
    return left_rows[:found], right_rows[:found], overlaps[:found]


@native
def overlap_of_rows(
    left: NDArray[np.uint64],
    right: NDArray[np.uint64],
    left_rows: NDArray[np.int64],
    right_rows: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Bits in common of chosen pairs: left[left_rows[i]] with right[right_rows[i]]."""
    common = np.zeros(left_rows.shape[0], np.int64)
    for pair in range(left_rows.shape[0]):
        a = left_rows[pair]
        b = right_rows[pair]
        for word in range(left.shape[1]):
            common[pair] += np.int64(popcount(left[a, word] & right[b, word]))
    return common
