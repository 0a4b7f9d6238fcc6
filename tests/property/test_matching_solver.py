"""Groups are anonlink's, and their digest does not depend on how rows lie."""

from __future__ import annotations

import hashlib
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage_service.matching import (
    Candidates,
    Groups,
    RowHandles,
    greedy_solve,
    result_digest,
    solve_domain,
)
from tests.support.thorough import how_many

Pair = tuple[tuple[int, int], tuple[int, int]]


@st.composite
def candidates_with_ties(draw: st.DrawFn) -> tuple[Candidates, list[int]]:
    """Pairs between 2 to 5 small datasets, similarities of a few values, in the solver's order."""
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=5))
    records = [(dataset, row) for dataset, size in enumerate(sizes) for row in range(size)]
    across = [pair for pair in combinations(records, 2) if pair[0][0] != pair[1][0]]
    pairs = draw(st.lists(st.sampled_from(across), unique=True, max_size=60))
    levels = st.sampled_from([0.8, 0.85, 0.9, 1.9])
    similarities = draw(st.lists(levels, min_size=len(pairs), max_size=len(pairs)))
    return as_candidates(pairs, similarities).ordered(), sizes


def as_candidates(pairs: list[Pair], similarities: list[float]) -> Candidates:
    ends = np.array(pairs, np.int64).reshape(-1, 2, 2)
    return Candidates(
        np.array(similarities, np.float64),
        ends[:, 0, 0].astype(np.uint16),
        ends[:, 1, 0].astype(np.uint16),
        ends[:, 0, 1].astype(np.uint32),
        ends[:, 1, 1].astype(np.uint32),
    )


def as_sets(groups: Groups) -> list[frozenset[tuple[int, int]]]:
    found: list[set[tuple[int, int]]] = [set() for _ in range(groups.count)]
    for dataset, row, group in zip(groups.dataset, groups.row, groups.group, strict=True):
        found[group].add((int(dataset), int(row)))
    return [frozenset(group) for group in found]


def by_anonlink(candidates: Candidates) -> set[frozenset[tuple[int, int]]]:
    solving = pytest.importorskip("anonlink.solving", reason="the oracle anonlink is not installed")
    pairs = (
        candidates.similarity,
        (candidates.left_dataset.astype("I"), candidates.right_dataset.astype("I")),
        (candidates.left_row.astype("I"), candidates.right_row.astype("I")),
    )
    return set(map(frozenset, solving.greedy_solve(pairs)))


@settings(max_examples=how_many(400, default=100))
@given(candidates_with_ties())
def test_groups_are_those_of_anonlink(case: tuple[Candidates, list[int]]) -> None:
    candidates, sizes = case
    groups = greedy_solve(candidates, sizes)
    sets = as_sets(groups)
    assert set(sets) == by_anonlink(candidates)
    assert sets == sorted(sets, key=min)
    columns = list(zip(groups.group, groups.dataset, groups.row, strict=True))
    assert columns == sorted(columns)


@pytest.mark.parametrize("datasets", [1, 2, 3, 5])
def test_groups_of_many_records_are_those_of_anonlink(datasets: int) -> None:
    """Also pairs inside a dataset, which make larger groups than a linkage ever has."""
    random = np.random.default_rng(datasets)
    records = [(dataset, row) for dataset in range(datasets) for row in range(2000)]
    random.shuffle(records)
    pairs = []
    for start in range(0, len(records), 12):  # people of 12 records, and their neighbours
        person = [tuple(record) for record in records[start : start + 18]]
        pairs += [pair for pair in combinations(person, 2) if random.random() < 0.9]
    pairs = sorted({(min(pair), max(pair)) for pair in pairs})
    levels = random.integers(80, 100, len(pairs)) / 100
    candidates = as_candidates(pairs, levels.tolist()).ordered()
    groups = greedy_solve(candidates, [2000] * datasets)
    assert np.bincount(groups.group).max() >= 6
    assert set(as_sets(groups)) == by_anonlink(candidates)


@settings(max_examples=50)
@given(candidates_with_ties(), st.sets(st.integers(0, 4)))
def test_a_domain_is_solved_from_its_own_evidence(
    case: tuple[Candidates, list[int]], members: set[int]
) -> None:
    candidates, sizes = case
    inside = [
        left in members and right in members
        for left, right in zip(candidates.left_dataset, candidates.right_dataset, strict=True)
    ]
    shuffled = candidates.take(np.random.default_rng(1).permutation(len(candidates)))
    found = solve_domain(shuffled, sorted(members), sizes)
    assert set(as_sets(found)) == by_anonlink(candidates.take(np.array(inside, np.bool_)))


@settings(max_examples=50)
@given(candidates_with_ties(), st.integers(0, 2**32))
def test_the_digest_is_that_of_the_sets_of_handles(
    case: tuple[Candidates, list[int]], seed: int
) -> None:
    """Rows and datasets may be numbered otherwise; one record elsewhere is another result."""
    candidates, sizes = case
    random = np.random.default_rng(seed)
    groups = greedy_solve(candidates, sizes)
    handles = [
        RowHandles(number, f"kota-{'zyxwv'[number]}", random.integers(0, 256, (size, 16), np.uint8))
        for number, size in enumerate(sizes)
    ]
    digest = result_digest(groups, handles)
    assert digest == spelled_out(groups, handles)

    moved = [random.permutation(size) for size in sizes]  # old row -> new row
    number_of = random.permutation(len(sizes))
    renumbered = [
        RowHandles(int(number_of[h.dataset]), h.name, h.handles[np.argsort(rows)])
        for h, rows in zip(handles, moved, strict=True)
    ]
    shuffle = random.permutation(groups.row.shape[0])
    other_numbers = random.permutation(groups.count).astype(np.uint32)
    relabelled = Groups(
        number_of[groups.dataset].astype(np.uint16)[shuffle],
        np.array([moved[d][r] for d, r in zip(groups.dataset, groups.row, strict=True)], np.uint32)[
            shuffle
        ],
        other_numbers[groups.group][shuffle],
    )
    assert result_digest(relabelled, renumbered[::-1]) == digest

    if groups.count > 1:  # two people taken for one
        joined = Groups(groups.dataset, groups.row, np.maximum(groups.group, 1))
        assert result_digest(joined, handles) != digest


def spelled_out(groups: Groups, datasets: list[RowHandles]) -> str:
    """The digest as its docstring has it, a record at a time."""
    names = sorted(dataset.name.encode() for dataset in datasets)
    of = {dataset.dataset: dataset for dataset in datasets}
    sets = sorted(
        sorted((names.index(of[d].name.encode()), of[d].handles[row].tobytes()) for d, row in group)
        for group in as_sets(groups)
    )
    text = b"padan result digest, version 1\n" + number(2, len(names))
    rows = {dataset.name.encode(): len(dataset.handles) for dataset in datasets}
    text += b"".join(number(2, len(name)) + name + number(8, rows[name]) for name in names)
    text += number(8, len(sets)) + number(8, sum(map(len, sets)))
    text += b"".join(number(4, len(group)) for group in sets)
    text += b"".join(number(2, place) + handle for group in sets for place, handle in group)
    return hashlib.sha256(text).hexdigest()


def number(size: int, value: int) -> bytes:
    return value.to_bytes(size, "little")
