"""Duplicates inside a dataset: found, counted, and one record to the linkage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage_service.matching import (
    Candidates,
    EncodedDataset,
    concatenate,
    duplicates_within,
    gather,
    match_tile,
    match_tokens_within,
    match_within,
    plan_tiles,
    plan_within,
    solve_domain,
)
from tests.property.test_matching_solver import (
    as_candidates,
    as_sets,
    by_anonlink,
    candidates_with_ties,
)
from tests.support.thorough import how_many

THRESHOLDS = {"utama": 800_000}


def dataset(name: str, people: list[int], token_of: dict[int, int] | None = None) -> EncodedDataset:
    """Rows of these people: a filter each, and a token each or one that is given."""
    words = np.random.default_rng(7).integers(0, 2**64, (20, 4), np.uint64)
    tokens = np.random.default_rng(len(name)).integers(0, 256, (len(people), 16), np.uint8)
    for row, token in (token_of or {}).items():
        tokens[row] = token
    return EncodedDataset(name, {"utama": words[people]}, tokens)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.integers(1, 5))
def test_duplicates_are_the_rows_of_one_person(people: list[int], tile_rows: int) -> None:
    mine = dataset("satu", people)
    tiles = plan_within(3, mine, THRESHOLDS, tile_rows)
    found = concatenate(match_within(mine, tile, THRESHOLDS) for tile in tiles)
    groups = duplicates_within(found, [0, 0, 0, mine.rows])
    rows = {person: [i for i, p in enumerate(people) if p == person] for person in people}
    twice = [each for each in rows.values() if len(each) > 1]
    assert as_sets(groups) == sorted(
        (frozenset((3, row) for row in each) for each in twice), key=min
    )


def test_one_token_makes_duplicates_and_no_row_is_its_own() -> None:
    mine = dataset("satu", [0, 0, 1], {0: 9, 1: 9})
    found = match_tokens_within(mine, 0, encodings=["utama"], floor_ppm=500_000)
    assert list(zip(found.left_row, found.right_row, strict=True)) == [(0, 1)]


@pytest.mark.parametrize("many", [False, True])
def test_a_person_who_stands_twice(many: bool) -> None:
    """One to one takes one of the rows; one to many takes both, and no one else's."""
    left, right = dataset("kiri", [1, 2, 3]), dataset("kanan", [4, 2, 2, 1, 4])
    sizes = [left.rows, right.rows]
    across = [match_tile(left, right, tile, THRESHOLDS) for tile in plan_tiles(sizes, 2)]
    inside = [
        match_within(right, tile, THRESHOLDS) for tile in plan_within(1, right, THRESHOLDS, 2)
    ]
    duplicates = duplicates_within(concatenate(inside), sizes) if many else None
    groups = solve_domain(gather(across), [0, 1], sizes, duplicates)
    second = {(0, 1), (1, 1), (1, 2)} if many else {(0, 1), (1, 1)}
    assert as_sets(groups) == [{(0, 0), (1, 3)}, second]


@settings(max_examples=how_many(150, default=50))
@given(candidates_with_ties(), st.data())
def test_one_to_many_is_anonlink_on_people(
    case: tuple[Candidates, list[int]], data: st.DataObject
) -> None:
    """Rename each row to the first of its duplicates, solve, and give all rows their names back."""
    candidates, sizes = case
    who = {
        (d, row): (d, data.draw(st.integers(0, row)))
        for d, size in enumerate(sizes)
        for row in range(size)
    }
    who = {record: (who[first] if who[first] == first else record) for record, first in who.items()}
    twice = [(first, record) for record, first in who.items() if first != record]
    of = {first: [r for r, f in who.items() if f == first] for first, _ in twice}
    pairs = [(a, b) for rows in of.values() for a in rows for b in rows if a < b]
    duplicates = duplicates_within(as_candidates(pairs, [1.0] * len(pairs)).ordered(), sizes)

    renamed: dict[frozenset[tuple[int, int]], float] = {}
    for similarity, a, b, i, j in zip(*(c.tolist() for c in candidates.columns()), strict=True):
        renamed.setdefault(frozenset([who[a, i], who[b, j]]), similarity)
    people = as_candidates([tuple(sorted(p)) for p in renamed], list(renamed.values())).ordered()
    expected = {
        frozenset(r for r, first in who.items() if first in group) for group in by_anonlink(people)
    }
    found = as_sets(solve_domain(candidates, range(len(sizes)), sizes, duplicates))
    assert set(found) == expected
    assert found == sorted(found, key=min)
