"""Persons with more than one row in a dataset.

Rows of one dataset are compared with each other like rows of two datasets: by tokens and by
encodings, with the same thresholds. Rows that are all candidates of each other are duplicates
(complete linkage, as in `solver`). For the owner, duplicates are a fact about the dataset. For
the linkage across datasets they can be one record: see `as_one` and `expanded`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.candidates import Candidates
from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.nik import match_tokens
from linkage_service.matching.ordering import in_order
from linkage_service.matching.solver import Groups, greedy_solve
from linkage_service.matching.tiles import Tile
from linkage_service.matching.units import Unit, match_unit, plan_blocks


def plan_within(
    number: int, dataset: EncodedDataset, thresholds_ppm: Mapping[str, int], tile_rows: int
) -> list[Unit]:
    """Units that compare every pair of rows inside the dataset of this number.

    Blocks for the encodings with tags; for the others, sampled between datasets or not, the
    tiles on and above the diagonal.
    """
    units: list[Unit] = []
    for name in sorted(thresholds_ppm.keys() & dataset.blocks.keys()):
        both = dataset.blocks[name], dataset.blocks[name]
        units += plan_blocks(number, number, name, both, tile_rows**2)
    if thresholds_ppm.keys() - dataset.blocks.keys():
        units += tiles_within(number, dataset.rows, tile_rows)
    return units


def tiles_within(dataset: int, rows: int, tile_rows: int) -> list[Tile]:
    """The tiles on and above the diagonal: every pair of rows is in one of them."""
    starts = range(0, rows, tile_rows)
    return [
        Tile(dataset, dataset, a, min(a + tile_rows, rows), b, min(b + tile_rows, rows))
        for a in starts
        for b in starts
        if a <= b
    ]


def match_within(
    dataset: EncodedDataset, unit: Unit, thresholds_ppm: Mapping[str, int]
) -> Candidates:
    """`match_unit` inside one dataset: each pair once, with the lower row on the left."""
    return upper(match_unit(dataset, dataset, unit, thresholds_ppm, {}))


def match_tokens_within(
    dataset: EncodedDataset, number: int, *, encodings: Sequence[str], floor_ppm: int
) -> Candidates:
    """`match_tokens` inside the dataset of this number: each pair once."""
    found = match_tokens(
        dataset,
        dataset,
        left_dataset=number,
        right_dataset=number,
        encodings=encodings,
        floor_ppm=floor_ppm,
    )
    return upper(found)


def duplicates_within(candidates: Candidates, dataset_sizes: Sequence[int]) -> Groups:
    """Rows of one dataset that are one person, for all datasets of a run at once.

    Candidates between two datasets are ignored.
    """
    inside = candidates.left_dataset == candidates.right_dataset
    return greedy_solve(in_order(candidates.take(inside)), dataset_sizes)


def as_one(candidates: Candidates, duplicates: Groups) -> Candidates:
    """Pairs between datasets, with duplicates replaced by their first row, in order.

    If several pairs become one, the most similar of them is kept.
    """
    across = candidates.take(candidates.left_dataset != candidates.right_dataset)
    first = _first_rows(duplicates)
    similarity, left_dataset, right_dataset, left_row, right_row = across.columns()
    left, right = left_row.copy(), right_row.copy()
    for dataset in np.unique(duplicates.dataset):
        here = duplicates.dataset == dataset
        rows = int(max(left.max(initial=0), right.max(initial=0), duplicates.row.max())) + 1
        stands_for = np.arange(rows, dtype=np.uint32)
        stands_for[duplicates.row[here]] = first[here]
        of_left, of_right = left_dataset == dataset, right_dataset == dataset
        left[of_left] = stands_for[left[of_left]]
        right[of_right] = stands_for[right[of_right]]
    return in_order(Candidates(similarity, left_dataset, right_dataset, left, right))


def expanded(groups: Groups, duplicates: Groups) -> Groups:
    """The groups with all rows of the duplicates whose first row is in them."""
    first = _first_rows(duplicates)
    others = duplicates.row != first
    keys = _record(groups.dataset, groups.row)
    by_key = np.argsort(keys)
    wanted = _record(duplicates.dataset, first)[others]
    at = np.searchsorted(keys[by_key], wanted)
    found = at < keys.shape[0]
    found[found] = keys[by_key[at[found]]] == wanted[found]
    joins = groups.group[by_key[at[found]]]
    dataset = np.concatenate([groups.dataset, duplicates.dataset[others][found]])
    row = np.concatenate([groups.row, duplicates.row[others][found]])
    group = np.concatenate([groups.group, joins])
    # The first record of a group stays its first, so the groups keep their numbers.
    order = np.lexsort((row, dataset, group))
    return Groups(dataset[order], row[order], group[order])


def _first_rows(groups: Groups) -> NDArray[np.uint32]:
    """For each record the first row of its group; records of a group are adjacent."""
    starts = np.searchsorted(groups.group, groups.group, side="left")
    first: NDArray[np.uint32] = groups.row[starts]
    return first


def _record(dataset: NDArray[np.uint16], row: NDArray[np.uint32]) -> NDArray[np.uint64]:
    return (dataset.astype(np.uint64) << np.uint64(32)) | row


def upper(candidates: Candidates) -> Candidates:
    """Each pair of rows of one dataset once, lower row left, no row with itself."""
    return candidates.take(candidates.left_row < candidates.right_row)
