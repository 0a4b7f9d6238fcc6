"""The innermost loops, compiled: in how many bits do filters differ?

Records of the right side are transposed in groups of `GROUP`: the same word of all of them is
adjacent, so that one vector instruction handles one word of eight comparisons (`near_lanes`).
The first comparison may use folds, m words instead of all (see `folds`): two filters
differ in no fewer bits than their folds. Only pairs whose folds are near enough are then
compared whole, one by one.

All kernels are in one file: numba's cache notices changes only in the file of the kernel itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import numba.core.cgutils
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from linkage_service.matching.native import native, popcount

cgutils: Any = numba.core.cgutils

GROUP = 8  # records in a vector of 512 bits; elsewhere LLVM splits it into several

_WORD = ir.IntType(64)
_VECTOR = ir.VectorType(_WORD, GROUP)
_NOTHING = ir.Constant(_VECTOR, ir.Undefined)
# Filters of these lengths have their own loop, which keeps the left filter in registers and
# is 1.5 times as fast.
_OWN_LOOP = (2, 3, 4, 5, 6, 7, 8, 16)


def _near_lanes(
    typing_context: Any,
    filters: Any,
    row: Any,
    groups: Any,
    start: Any,
    stop: Any,
    limit: Any,
    near: Any,
) -> Any:
    signature = types.uint64(filters, row, groups, start, stop, limit, near)
    return signature, lambda *call: _Emitter(*call).emit()


# near_lanes(filters, row, groups, start, stop, limit, near): for each group from start up to
# stop, set near[group - start] to the lanes in which the group's record and filters[row] differ
# in at most `limit` bits, bit i for record i; returns the OR of all of them.
# all contiguous.
near_lanes = cast(Callable[..., Any], intrinsic(_near_lanes))


class _Emitter:
    """Writes `near_lanes` as LLVM IR: LLVM's code for plain loops is half as fast."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        self._builder = builder
        filters, groups, near = (
            context.make_array(signature.args[at])(context, builder, arguments[at])
            for at in (0, 2, 6)
        )
        self._start, self._stop = arguments[3], arguments[4]
        self._words = builder.extract_value(filters.shape, 1)
        self._own = builder.gep(filters.data, [builder.mul(arguments[1], self._words)])
        self._others, self._near = groups.data, near.data
        self._limit = self._in_all_lanes(arguments[5])
        self._some = cgutils.alloca_once_value(builder, ir.Constant(_WORD, 0))
        self._count = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(_VECTOR, [_VECTOR]), f"llvm.ctpop.v{GROUP}i64"
        )

    def emit(self) -> Any:
        builder = self._builder
        builder.store(ir.Constant(_WORD, 0), self._some)
        done = builder.append_basic_block("done")
        other = builder.append_basic_block("any_length")
        switch = builder.switch(self._words, other)
        for words in _OWN_LOOP:
            block = builder.append_basic_block(f"words_{words}")
            switch.add_case(ir.Constant(_WORD, words), block)
            builder.position_at_end(block)
            self._of_length(words)
            builder.branch(done)
        builder.position_at_end(other)
        self._of_any_length()
        builder.branch(done)
        builder.position_at_end(done)
        return builder.load(self._some)

    def _of_length(self, words: int) -> None:
        own = [self._in_all_lanes(self._load_own(ir.Constant(_WORD, at))) for at in range(words)]
        with self._groups(ir.Constant(_WORD, words)) as (group, columns):
            total = ir.Constant(_VECTOR, [0] * GROUP)
            for at in range(words):
                column = self._load_column(columns, ir.Constant(_WORD, at))
                total = self._builder.add(total, self._differing(column, own[at]))
            self._keep(group, total)

    def _of_any_length(self) -> None:
        builder = self._builder
        total = cgutils.alloca_once(builder, _VECTOR)
        with self._groups(self._words) as (group, columns):
            builder.store(ir.Constant(_VECTOR, [0] * GROUP), total)
            with cgutils.for_range(builder, self._words) as loop:
                own = self._in_all_lanes(self._load_own(loop.index))
                differing = self._differing(self._load_column(columns, loop.index), own)
                builder.store(builder.add(builder.load(total), differing), total)
            self._keep(group, builder.load(total))

    @contextmanager
    def _groups(self, words: Any) -> Iterator[tuple[Any, Any]]:
        """Each group, and where its words are."""
        builder, one = self._builder, ir.Constant(_WORD, 1)
        slice_ = cgutils.for_range_slice(builder, self._start, self._stop, one, inc=True)
        with slice_ as (group, _):
            size = builder.mul(words, ir.Constant(_WORD, GROUP))
            yield group, builder.gep(self._others, [builder.mul(group, size)])

    def _load_own(self, at: Any) -> Any:
        return self._builder.load(self._builder.gep(self._own, [at]))

    def _load_column(self, columns: Any, at: Any) -> Any:
        """One word of all records of a group."""
        builder = self._builder
        place = builder.gep(columns, [builder.mul(at, ir.Constant(_WORD, GROUP))])
        column = builder.load(builder.bitcast(place, _VECTOR.as_pointer()))
        column.align = 8
        return column

    def _differing(self, column: Any, own: Any) -> Any:
        return self._builder.call(self._count, [self._builder.xor(column, own)])

    def _keep(self, group: Any, distances: Any) -> None:
        builder = self._builder
        near = builder.icmp_signed("<=", distances, self._limit)
        lanes = builder.zext(builder.bitcast(near, ir.IntType(GROUP)), _WORD)
        place = builder.gep(self._near, [builder.sub(group, self._start)])
        builder.store(lanes, place)
        builder.store(builder.or_(builder.load(self._some), lanes), self._some)

    def _in_all_lanes(self, value: Any) -> Any:
        builder = self._builder
        first = builder.insert_element(_NOTHING, value, ir.Constant(ir.IntType(32), 0))
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), GROUP), [0] * GROUP)
        return builder.shuffle_vector(first, _NOTHING, lanes)


@native
def _grown(column: NDArray[np.uint32], used: int, wanted: int) -> NDArray[np.uint32]:
    if wanted <= column.shape[0]:
        return column
    longer = np.empty(max(wanted, 2 * column.shape[0]), np.uint32)
    longer[:used] = column[:used]
    return longer


@native
def _difference(left: NDArray[np.uint64], row: int, right: NDArray[np.uint64], at: int) -> np.int64:
    """Hamming distance of two whole filters."""
    bits = np.uint64(0)
    for word in range(left.shape[1]):
        bits += popcount(left[row, word] ^ right[at, word])
    return np.int64(bits)


@native
def search(
    left: NDArray[np.uint64],
    left_bits: NDArray[np.int64],
    left_folds: NDArray[np.uint64],
    right: NDArray[np.uint64],
    right_bits: NDArray[np.int64],
    groups: NDArray[np.uint64],
    groups_at_once: int,
    first_left: NDArray[np.int64],
    last_left: NDArray[np.int64],
    allowed: NDArray[np.int64],
    allowed_up_to: NDArray[np.int64],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]:
    """Every pair that differs in at most `allowed[bits of left + bits of right]` bits.

    `left` and `right` are whole filters, uint64 (n, words), sorted by popcount;
    `left_folds` (n, m) and `groups` (groups, m, GROUP) their folds. Block b is the next
    `groups_at_once` groups, compared with left records first_left[b] up to last_left[b].
    `allowed_up_to` is the running maximum of `allowed`. Returns arrays of left rows, right rows and
    bits in common, one entry per pair.
    """
    found = 0
    left_rows = np.empty(1024, np.uint32)
    right_rows = np.empty(1024, np.uint32)
    overlaps = np.empty(1024, np.uint32)
    near = np.empty(groups_at_once, np.uint64)
    for block in range(first_left.shape[0]):
        start = block * groups_at_once
        stop = min(start + groups_at_once, groups.shape[0])
        most_bits = right_bits[min(stop * GROUP, right.shape[0]) - 1]
        for row in range(first_left[block], last_left[block]):
            limit = allowed_up_to[left_bits[row] + most_bits]
            if near_lanes(left_folds, row, groups, start, stop, limit, near) == 0:
                continue
            for group in range(start, stop):
                if near[group - start] == 0:
                    continue
                left_rows = _grown(left_rows, found, found + GROUP)
                right_rows = _grown(right_rows, found, found + GROUP)
                overlaps = _grown(overlaps, found, found + GROUP)
                # The last group is padded with empty filters.
                for lane in range(min(GROUP, right.shape[0] - group * GROUP)):
                    if (near[group - start] >> np.uint64(lane)) & np.uint64(1):
                        at = group * GROUP + lane
                        bits = left_bits[row] + right_bits[at]
                        differ = _difference(left, row, right, at)
                        if differ <= allowed[bits]:
                            left_rows[found] = row
                            right_rows[found] = at
                            overlaps[found] = (bits - differ) // 2
                            found += 1
    return left_rows[:found], right_rows[:found], overlaps[:found]


@native
def search_blocks(
    left: NDArray[np.uint64],
    left_order: NDArray[np.uint32],
    left_starts: NDArray[np.int64],
    right: NDArray[np.uint64],
    right_order: NDArray[np.uint32],
    right_starts: NDArray[np.int64],
    most_pairs: int,
    required: NDArray[np.int64],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]:
    """Every pair of one block with at least `required[bits of left + bits of right]` in common.

    Block b has the left rows left_order[left_starts[b]] up to left_starts[b + 1], and the right
    rows likewise. Blocks of more than `most_pairs` are left out. Returns arrays of left rows,
    right rows, bits in common and bits of both, one entry per pair.
    """
    found = 0
    left_rows = np.empty(1024, np.uint32)
    right_rows = np.empty(1024, np.uint32)
    overlaps = np.empty(1024, np.uint32)
    sums = np.empty(1024, np.uint32)
    right_bits = np.empty(most_pairs, np.int64)
    for block in range(left_starts.shape[0] - 1):
        lefts = left_starts[block + 1] - left_starts[block]
        first = right_starts[block]
        rights = right_starts[block + 1] - first
        if lefts * rights == 0 or lefts * rights > most_pairs:
            continue
        for at in range(rights):
            right_bits[at] = _bits(right, right_order[first + at])
        left_rows = _grown(left_rows, found, found + lefts * rights)
        right_rows = _grown(right_rows, found, found + lefts * rights)
        overlaps = _grown(overlaps, found, found + lefts * rights)
        sums = _grown(sums, found, found + lefts * rights)
        for of_left in range(left_starts[block], left_starts[block + 1]):
            row = left_order[of_left]
            left_bits = _bits(left, row)
            for at in range(rights):
                bits = left_bits + right_bits[at]
                # The bits in common are at most the bits of the smaller filter.
                if min(left_bits, right_bits[at]) < required[bits]:
                    continue
                other = right_order[first + at]
                common = (bits - _difference(left, row, right, other)) // 2
                if common >= required[bits]:
                    left_rows[found] = row
                    right_rows[found] = other
                    overlaps[found] = common
                    sums[found] = bits
                    found += 1
    return left_rows[:found], right_rows[:found], overlaps[:found], sums[:found]


@native
def _bits(filters: NDArray[np.uint64], row: int) -> np.int64:
    bits = np.uint64(0)
    for word in range(filters.shape[1]):
        bits += popcount(filters[row, word])
    return np.int64(bits)


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
