"""A solved domain without rows that left: what stays is what it was, what ended tells nothing."""

from __future__ import annotations

import numpy as np
import pytest

from linkage_service.matching import Groups, handle_keys
from linkage_service.release.domains import Solved, without

NAMES = ("satu", "dua", "tiga")


def solved(seed: int, rows: int = 40) -> Solved:
    """Random groups of two or three datasets, handles in order, every third one to be verified."""
    rng = np.random.default_rng(seed)
    handles = {}
    for name in NAMES:
        drawn = rng.integers(1, 256, (rows, 16), np.uint8)
        handles[name] = drawn[np.argsort(handle_keys(drawn))]
    order = [rng.permutation(rows) for _ in NAMES]
    records = []
    for group in range(rows // 2):
        members = sorted(rng.choice(3, rng.integers(2, 4), replace=False))
        records += [(int(order[d][group]), int(d), group) for d in members]
    first = {g: min((d, r) for r, d, h in records if h == g) for _, _, g in records}
    number = {g: at for at, g in enumerate(sorted(first, key=lambda g: first[g]))}
    records = sorted((number[g], d, r) for r, d, g in records)
    table = np.array(records, np.uint32).T
    groups = Groups(table[1].astype(np.uint16), table[2], table[0])
    return Solved("r", "d", groups, np.arange(groups.count) % 3 == 0, handles)


def members(each: Solved) -> dict[frozenset[tuple[str, bytes]], bool]:
    """Groups as sets of (dataset, handle), and whether they are to be verified."""
    found: dict[int, set[tuple[str, bytes]]] = {}
    for d, r, g in zip(each.groups.dataset, each.groups.row, each.groups.group, strict=True):
        name = NAMES[int(d)]
        found.setdefault(int(g), set()).add((name, each.handles[name][int(r)].tobytes()))
    return {frozenset(rows): bool(each.verify[g]) for g, rows in found.items()}


def leave(each: Solved, chosen: dict[str, list[int]]) -> Solved:
    gone = {name: np.sort(handle_keys(each.handles[name][chosen.get(name, [])])) for name in NAMES}
    return without(each, gone, NAMES)


@pytest.mark.parametrize("seed", range(25))
def test_the_rest_is_what_it_was(seed: int) -> None:
    whole, rng = solved(seed), np.random.default_rng(seed + 1000)
    chosen = {n: rng.choice(40, rng.integers(0, 12), replace=False).tolist() for n in NAMES}
    left = {(n, whole.handles[n][at].tobytes()) for n in NAMES for at in chosen[n]}
    expected = {}
    for rows, verify in members(whole).items():
        if len({name for name, _ in rows - left}) > 1:
            expected[rows - left] = verify
    found = leave(whole, chosen)
    assert members(found) == expected
    assert found.groups.count == len(expected) == len(found.verify)
    for name in NAMES:
        stays = [h for h in whole.handles[name] if (name, h.tobytes()) not in left]
        assert [h.tobytes() for h in found.handles[name]] == [h.tobytes() for h in stays]
        assert len(found.groups.by_row(NAMES.index(name), len(stays))) == len(stays)


def test_nothing_left_changes_nothing() -> None:
    whole = solved(1)
    assert members(leave(whole, {})) == members(whole)


def test_everybody_may_leave() -> None:
    found = leave(solved(2), {name: list(range(40)) for name in NAMES})
    assert found.groups.count == 0
    assert all(len(found.handles[name]) == 0 for name in NAMES)


def test_two_rows_of_one_dataset_are_no_match() -> None:
    """Where the charter lets a group have several rows of a dataset, its duplicates tell nobody."""
    whole = solved(3)
    groups = Groups(
        np.array([0, 0, 1], np.uint16), np.array([0, 1, 5], np.uint32), np.zeros(3, np.uint32)
    )
    whole = Solved("r", "d", groups, np.zeros(1, np.bool_), whole.handles)
    assert leave(whole, {"dua": [5]}).groups.count == 0
    assert leave(whole, {"satu": [0]}).groups.count == 1
