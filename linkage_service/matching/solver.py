"""From candidate pairs to groups: each group has the records of one person.

The service runs `greedy_solve`. `connect` is the other usual method, for analyses and for
duplicates within one list; `SOLVERS` names both.

The greedy rule of anonlink (`anonlink.solving.greedy_solve`), for any number of
datasets: at first every record is a group of its own. Pairs are taken in the
given order. Two groups merge at the pair that completes the pairing of every record
of one with every record of the other (complete linkage). So every two records of
a group are a candidate pair.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates
from linkage_service.matching.native import native, read_only

NO_PAIR = np.uint64(2**64 - 1)
NO_GROUP = np.uint32(2**32 - 1)
HALF = np.uint64(32)
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: Knuth's multiplicative hash


class Linkage(StrEnum):
    """When rows are one group: all are pairs of each other, or a chain of pairs connects them."""

    COMPLETE = "complete"
    CONNECTED = "connected"


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups of at least two records. Column `i` of every array is one record.

    `dataset` is uint16, `row` uint32, `group` uint32, groups numbered from 0 in
    the order of their smallest (dataset, row), records of a group in that order.
    """

    dataset: NDArray[np.uint16]
    row: NDArray[np.uint32]
    group: NDArray[np.uint32]

    @property
    def count(self) -> int:
        """How many groups."""
        return int(self.group[-1]) + 1 if self.group.shape[0] else 0

    def of(self, dataset: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The rows of this dataset that are in a group, uint32, and the group of each, uint32."""
        here = self.dataset == dataset
        return self.row[here], self.group[here]

    def by_row(self, dataset: int, rows: int) -> NDArray[np.int64]:
        """The group of each row of a dataset, int64 (rows,); -1 for a row without a group."""
        group = np.full(rows, -1, np.int64)
        there, numbers = self.of(dataset)
        group[there] = numbers
        return group

    def only(self, chosen: NDArray[np.bool_]) -> Groups:
        """The groups chosen by bool (count,), renumbered."""
        numbers = (np.cumsum(chosen) - 1).astype(np.uint32)
        stay = chosen[self.group]
        return Groups(self.dataset[stay], self.row[stay], numbers[self.group[stay]])


def greedy_solve(candidates: Candidates, dataset_sizes: Sequence[int]) -> Groups:
    """Group the records of these pairs, taken in the given order.

    `dataset_sizes` are numbers of rows, by dataset number. The usual order is most similar
    first: `candidates.ordered()`. A pair given twice counts
    once. Raises ValueError for a pair outside the datasets.
    """
    left, right, records = _numbered(candidates, dataset_sizes)
    group_of, group_size = _solve(read_only(left), read_only(right), records)
    return _canonical(group_of, group_size, _firsts(dataset_sizes))


def connect(candidates: Candidates, dataset_sizes: Sequence[int]) -> Groups:
    """Connected components: records joined by a chain of pairs are one group.

    The order of the pairs does not matter. A group may contain records that are not a
    candidate pair, and several of one dataset. Arguments and errors as in `greedy_solve`.
    """
    left, right, records = _numbered(candidates, dataset_sizes)
    group_of, group_size = _connect(read_only(left), read_only(right), records)
    return _canonical(group_of, group_size, _firsts(dataset_sizes))


SOLVERS: Mapping[Linkage, Callable[[Candidates, Sequence[int]], Groups]] = {
    Linkage.COMPLETE: greedy_solve,
    Linkage.CONNECTED: connect,
}


def _firsts(dataset_sizes: Sequence[int]) -> NDArray[np.int64]:
    """The number of each dataset's first record, and how many records there are."""
    firsts = np.concatenate([[0], np.cumsum(np.asarray(dataset_sizes, np.int64))])
    if firsts[-1] >= 2**32:
        raise ValueError("more than 2**32 - 1 records in one solution")
    return firsts


def _numbered(
    candidates: Candidates, dataset_sizes: Sequence[int]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], int]:
    firsts = _firsts(dataset_sizes)
    left = _record_numbers(candidates.left_dataset, candidates.left_row, firsts)
    right = _record_numbers(candidates.right_dataset, candidates.right_row, firsts)
    return left, right, int(firsts[-1])


def _record_numbers(
    dataset: NDArray[np.uint16], row: NDArray[np.uint32], firsts: NDArray[np.int64]
) -> NDArray[np.uint32]:
    """Number the records of all datasets consecutively: dataset 0 first, then dataset 1."""
    if dataset.shape[0] and int(dataset.max()) >= firsts.shape[0] - 1:
        raise ValueError("a candidate names a dataset that is not there")
    numbers = firsts[dataset] + row
    if np.any(numbers >= firsts[dataset.astype(np.int64) + 1]):
        raise ValueError("a candidate names a row that is not there")
    return numbers.astype(np.uint32)


def _canonical(
    group_of: NDArray[np.uint32], group_size: NDArray[np.uint32], firsts: NDArray[np.int64]
) -> Groups:
    records, group = _in_groups(read_only(group_of), read_only(group_size))
    dataset = np.searchsorted(firsts, records, side="right") - 1
    return Groups(dataset.astype(np.uint16), (records - firsts[dataset]).astype(np.uint32), group)


@native
def _in_groups(
    group_of: NDArray[np.uint32], group_size: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The records of groups with at least two records, group by group, and their group numbers."""
    place = np.empty(group_of.shape[0], np.uint32)  # where a group's next record goes
    number = np.full(group_of.shape[0], NO_GROUP, np.uint32)
    groups, grouped = np.uint32(0), np.uint32(0)
    for record in range(group_of.shape[0]):
        label = group_of[record]
        if group_size[label] > 1 and number[label] == NO_GROUP:
            number[label], place[label] = groups, grouped
            groups += np.uint32(1)
            grouped += group_size[label]
    records, group = np.empty(grouped, np.uint32), np.empty(grouped, np.uint32)
    for record in range(group_of.shape[0]):
        label = group_of[record]
        if number[label] != NO_GROUP:
            at = place[label]
            records[at], group[at] = record, number[label]
            place[label] = at + np.uint32(1)
    return records, group


@native
def _slot(pairs: NDArray[np.uint64], pair: np.uint64) -> np.int64:
    """The slot of this pair in the hash table, or the free slot for it."""
    mask = np.uint64(pairs.shape[0] - 1)
    at = ((pair * SPREAD) >> HALF) & mask
    while pairs[at] != pair and pairs[at] != NO_PAIR:
        at = (at + np.uint64(1)) & mask
    return np.int64(at)


@native
def _pair(one: np.uint32, other: np.uint32) -> np.uint64:
    low = np.uint64(min(one, other))
    return (low << HALF) | np.uint64(max(one, other))


@native
def _all_paired(
    pairs: NDArray[np.uint64], next_member: NDArray[np.uint32], one: np.uint32, other: np.uint32
) -> bool:
    """Whether every member of one's group has been paired with every member of other's."""
    a = one
    while True:
        b = other
        while True:
            pair = _pair(a, b)
            if pairs[_slot(pairs, pair)] != pair:
                return False
            b = next_member[b]
            if b == other:
                break
        a = next_member[a]
        if a == one:
            return True


@native
def _merge(
    group_of: NDArray[np.uint32],
    group_size: NDArray[np.uint32],
    next_member: NDArray[np.uint32],
    one: np.uint32,
    other: np.uint32,
) -> None:
    """Move other's group into one's. Members are rings; swapping two links joins two rings."""
    kept, gone = group_of[one], group_of[other]
    group_size[kept] += group_size[gone]
    group_size[gone] = 0
    member = other
    while group_of[member] != kept:
        group_of[member] = kept
        member = next_member[member]
    next_member[one], next_member[other] = next_member[other], next_member[one]


@native
def _solve(
    left: NDArray[np.uint32], right: NDArray[np.uint32], records: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The group of each record, and the size of each group by its number."""
    group_of = np.arange(records).astype(np.uint32)
    next_member = group_of.copy()
    group_size = np.ones(records, np.uint32)
    room = 16
    while room < 2 * left.shape[0]:
        room *= 2
    # Pairs taken earlier that did not merge their groups at once. Pairs inside one
    # group are never looked up again.
    pairs = np.full(room, NO_PAIR, np.uint64)
    for i in range(left.shape[0]):
        one, other = left[i], right[i]
        kept, gone = group_of[one], group_of[other]
        if kept == gone:
            continue
        if group_size[kept] < group_size[gone]:
            one, other, kept, gone = other, one, gone, kept
        if group_size[kept] > 1:
            pair = _pair(one, other)
            pairs[_slot(pairs, pair)] = pair
            if not _all_paired(pairs, next_member, one, other):
                continue
        _merge(group_of, group_size, next_member, one, other)
    return group_of, group_size


@native
def _root(parent: NDArray[np.uint32], record: np.uint32) -> np.uint32:
    """The record that represents the group; path halving on the way there."""
    while parent[record] != record:
        parent[record] = parent[parent[record]]
        record = parent[record]
    return record


@native
def _connect(
    left: NDArray[np.uint32], right: NDArray[np.uint32], records: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Union-find: the group of each record, and the size of each group by its number."""
    parent = np.arange(records).astype(np.uint32)
    group_size = np.ones(records, np.uint32)
    for i in range(left.shape[0]):
        one, other = _root(parent, left[i]), _root(parent, right[i])
        if one == other:
            continue
        if group_size[one] < group_size[other]:
            one, other = other, one
        parent[other] = one
        group_size[one] += group_size[other]
        group_size[other] = 0
    for record in range(records):
        parent[record] = _root(parent, np.uint32(record))
    return parent, group_size
