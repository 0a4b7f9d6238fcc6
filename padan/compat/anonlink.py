"""anonlink 0.15.3's interface over our search, with its results, orders and exceptions.

    from padan.compat.anonlink import dice_coefficient, find_candidate_pairs, greedy_solve

    groups = greedy_solve(find_candidate_pairs(datasets, dice_coefficient, 0.8))

    dice_coefficient_accelerated    our kernel; filters of whole bytes, as anonlink's own
    dice_coefficient_python         our kernel; filters of any one length
    find_candidate_pairs            ours, with anonlink's blocking functions
    greedy_solve                    anonlink's solver if it is installed, else ours; equal groups
    candidates_of                   the table of `padan.compare` as anonlink takes candidates

Filters are bitarrays, bytes, or convertible to bytes. anonlink's `dice_coefficient_accelerated`
misses a few pairs exactly at the threshold, since it rounds its popcount bound down (|a| = 3,
|b| = 5, three in common, threshold 0.75); ours finds them, as anonlink's Python function does.
"""

from __future__ import annotations

import importlib
import math
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching import Candidates, concatenate, pack_words
from linkage_service.matching import greedy_solve as our_greedy_solve
from linkage_service.matching.ordering import in_order
from linkage_service.matching.similarity import MILLION, dice_pairs
from padan.frames import opened
from padan.pairs import candidates
from policy.base.extras import is_there

Record = Any  # a bitarray, bytes, or what `bytes` takes
Dataset = Sequence[Record]
Rows: TypeAlias = "tuple[array[int], array[int]]"
Similarities: TypeAlias = "tuple[array[float], Rows]"
# similarity, (dataset, dataset), (row, row)
CandidatePairs: TypeAlias = "tuple[array[float], Rows, Rows]"
Group = Sequence[tuple[int, int]]
BlockingFunction = Callable[[int, int, Record], Iterable[Hashable]]


class SimilarityFunction(Protocol):
    """The function with which `find_candidate_pairs` compares the records of a block."""

    def __call__(
        self, datasets: Sequence[Dataset], threshold: float, k: int | None = None
    ) -> Similarities: ...


def dice_coefficient_accelerated(
    datasets: Sequence[Dataset], threshold: float, k: int | None = None
) -> Similarities:
    """Pairs of two datasets with Dice >= threshold: similarities, and rows on both sides.

    Most similar first, then by rows. With `k`, a record of the first dataset keeps its k best.
    Raises as anonlink: ValueError for fewer than two datasets and filters of different lengths,
    NotImplementedError for more than two datasets and lengths that are not a multiple of 8 bits,
    TypeError for a filter that is neither a bitarray nor bytes.
    """
    return _dice(datasets, threshold, k, whole_bytes=True)


def dice_coefficient_python(
    datasets: Sequence[Dataset], threshold: float, k: int | None = None
) -> Similarities:
    """Like `dice_coefficient_accelerated`, for filters of any common length in bits."""
    return _dice(datasets, threshold, k, whole_bytes=False)


dice_coefficient = dice_coefficient_accelerated


def find_candidate_pairs(
    datasets: Sequence[Dataset],
    similarity_f: SimilarityFunction,
    threshold: float,
    k: int | None = None,
    blocking_f: BlockingFunction | None = None,
) -> CandidatePairs:
    """Candidate pairs of any number of datasets, in the solver's order, each once.

    `blocking_f(dataset, row, filter)` gives the ids of a record's blocks; records are compared if
    they share one. With `k`, a record is in at most k pairs with each other dataset.
    """
    parts = [
        part
        for block in _blocks(datasets, blocking_f)
        for part in _within_block(datasets, block, similarity_f, threshold, k)
    ]
    found = in_order(concatenate(parts))
    return _as_anonlink(found if k is None else found.take(_at_most(found, k)))


def greedy_solve(pairs: CandidatePairs) -> Sequence[Group]:
    """Groups of (dataset, row) from candidate pairs taken in their order.

    Uses anonlink's own solver if `solver()` returns `anonlink`. Raises as anonlink: ValueError
    for arrays of different lengths, NotImplementedError unless a pair has two datasets and two
    rows.
    """
    if solver() == "anonlink":
        solve: Callable[[CandidatePairs], Sequence[Group]]
        solve = importlib.import_module("anonlink.solving").greedy_solve
        return solve(pairs)
    return _solved(pairs)


def solver() -> str:
    """The solver that `greedy_solve` calls on this machine: `anonlink` or `padan`."""
    return "anonlink" if is_there("anonlink") else "padan"


def pairs_from_groups(groups: Iterable[Group]) -> Iterator[tuple[int, int]]:
    """Rows of two datasets from groups of two; raises ValueError for other groups, as anonlink."""
    for group in groups:
        ends = sorted(group)
        if [dataset for dataset, _ in ends] != [0, 1]:
            raise ValueError("non-bipartite problems are unsupported")
        yield ends[0][1], ends[1][1]


def candidates_of(pairs: Any) -> CandidatePairs:
    """Convert the table of `padan.compare` to candidates for `greedy_solve` here and in
    anonlink."""
    return _as_anonlink(candidates(opened(pairs)))


def _dice(
    datasets: Sequence[Dataset], threshold: float, k: int | None, *, whole_bytes: bool
) -> Similarities:
    if len(datasets) < 2:
        raise ValueError(f"not enough datasets (expected 2, got {len(datasets)})")
    if len(datasets) > 2:
        raise NotImplementedError(f"too many datasets (expected 2, got {len(datasets)})")
    left, right = ([_bits(each) for each in dataset] for dataset in datasets)
    if not left or not right:
        return array("d"), (array("I"), array("I"))
    lengths = {length for length, _ in (*left, *right)}
    if len(lengths) > 1:
        raise ValueError("inconsistent filter length")
    bits = lengths.pop()
    if whole_bytes and bits % 8:
        raise NotImplementedError(f"filters of {bits} bits, not a multiple of 8")
    if not threshold <= 1:
        return array("d"), (array("I"), array("I"))
    # Search from the threshold rounded down to whole ppm, then compare as anonlink does.
    floor_ppm = max(0, math.floor(threshold * MILLION))
    found = dice_pairs(_packed(left), _packed(right), floor_ppm, k=k)
    found = found.take(found.similarity >= threshold)
    return (
        array("d", found.similarity.tobytes()),
        (array("I", found.left_row.tobytes()), array("I", found.right_row.tobytes())),
    )


def _bits(record: Record) -> tuple[int, bytes]:
    """The number of bits of a filter, and its bytes, the last one padded with zeros."""
    bitarray = sys.modules.get("bitarray")
    if bitarray is not None and isinstance(record, bitarray.bitarray):
        return len(record), record.tobytes()
    if not isinstance(record, bytes):
        try:
            record = bytes(record)
        except TypeError:
            raise TypeError("unsupported record type") from None
    return 8 * len(record), record


def _packed(filters: Sequence[tuple[int, bytes]]) -> NDArray[np.uint64]:
    filled = b"".join(data for _, data in filters) or bytes(len(filters))
    return pack_words(np.frombuffer(filled, np.uint8).reshape(len(filters), -1))


def _blocks(
    datasets: Sequence[Dataset], blocking_f: BlockingFunction | None
) -> Iterable[list[list[int]]]:
    """The rows of each dataset that share a block, for every block."""
    if blocking_f is None:
        return [[list(range(len(dataset))) for dataset in datasets]]
    blocks: dict[Hashable, list[list[int]]] = defaultdict(lambda: [[] for _ in datasets])
    for number, dataset in enumerate(datasets):
        for row, record in enumerate(dataset):
            for block in blocking_f(number, row, record):
                blocks[block][number].append(row)
    return blocks.values()


def _within_block(
    datasets: Sequence[Dataset],
    block: list[list[int]],
    similarity_f: SimilarityFunction,
    threshold: float,
    k: int | None,
) -> Iterator[Candidates]:
    for left, right in combinations(range(len(datasets)), 2):
        if not block[left] or not block[right]:
            continue
        sides = [[datasets[number][row] for row in block[number]] for number in (left, right)]
        similarity, rows = similarity_f(sides, threshold, k=k)
        left_rows, right_rows = (
            np.array(block[number], np.uint32)[np.array(of_side, np.int64)]
            for number, of_side in zip((left, right), rows, strict=True)
        )
        yield Candidates(
            np.array(similarity, np.float64),
            np.full(len(similarity), left, np.uint16),
            np.full(len(similarity), right, np.uint16),
            left_rows,
            right_rows,
        )


def _at_most(found: Candidates, k: int) -> NDArray[np.bool_]:
    """The pairs that are among the first k of both their records with the other's dataset."""
    seen: Counter[tuple[int, int, int]] = Counter()
    chosen = np.zeros(len(found), np.bool_)
    ends = zip(*(column.tolist() for column in found.columns()[1:]), strict=True)
    for at, (left, right, left_row, right_row) in enumerate(ends):
        both = (left, right, right_row), (right, left, left_row)
        seen.update(both)
        chosen[at] = all(seen[each] <= k for each in both)
    return chosen


def _as_anonlink(found: Candidates) -> CandidatePairs:
    similarity, *ends = found.columns()
    left, right, left_row, right_row = (
        array("I", each.astype(np.uint32).tobytes()) for each in ends
    )
    return array("d", similarity.tobytes()), (left, right), (left_row, right_row)


def _solved(pairs: CandidatePairs) -> list[list[tuple[int, int]]]:
    """Solve by our solver. Rows may be any numbers, so records are renumbered first."""
    similarity, datasets, rows = pairs
    if len(datasets) != len(rows):
        raise ValueError("inconsistent shape of index arrays")
    if len(datasets) != 2:
        raise NotImplementedError("only binary solving is supported")
    if {len(similarity)} != {len(column) for column in (*datasets, *rows)}:
        raise ValueError("inconsistent shape of index arrays")
    ends = [
        (np.array(dataset, np.uint64) << np.uint64(32)) | np.array(row, np.uint64)
        for dataset, row in zip(datasets, rows, strict=True)
    ]
    records, numbers = np.unique(np.concatenate(ends), return_inverse=True)
    left, right = np.split(numbers.astype(np.uint32), 2)
    nowhere = np.zeros(len(left), np.uint16)
    found = Candidates(np.array(similarity, np.float64), nowhere, nowhere, left, right)
    groups = our_greedy_solve(found, [len(records)])
    members: list[list[tuple[int, int]]] = [[] for _ in range(groups.count)]
    for group, record in zip(groups.group.tolist(), records[groups.row].tolist(), strict=True):
        members[group].append((record >> 32, record & 0xFFFFFFFF))
    return members
