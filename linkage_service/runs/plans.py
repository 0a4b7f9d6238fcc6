"""What a run has to search, in units, and the place of each unit among the run's rows.

A full run searches every two datasets. A run that continues an earlier one (`carried`) searches
only what is new: the new rows of one dataset against all rows of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from linkage_service.engines import SearchJob
from linkage_service.intake.arrays import RunData
from linkage_service.matching import (
    Candidates,
    EncodedDataset,
    Moves,
    Samplings,
    Unit,
    derived,
    flood,
    plan_blocks,
    plan_tables,
    plan_tiles,
)
from policy.charter import Charter
from policy.statements import RunOrder


@dataclass(frozen=True, eq=False)
class RowPart:
    """Some rows of a dataset of the run; all of them if None."""

    dataset: int
    rows: NDArray[np.int64] | None


@dataclass(frozen=True, eq=False)
class SearchPlan:
    """The units, numbered by position; their dataset numbers refer to `parts`."""

    job: SearchJob
    units: list[Unit]
    parts: Sequence[RowPart]

    def placed(self, found: Candidates) -> Candidates:
        """The pairs that one unit found, in the run's own dataset and row numbers."""
        if len(found) == 0:
            return found
        left = self.parts[int(found.left_dataset[0])]
        right = self.parts[int(found.right_dataset[0])]
        return Candidates(
            found.similarity,
            np.full(len(found), left.dataset, np.uint16),
            np.full(len(found), right.dataset, np.uint16),
            _rows(left, found.left_row),
            _rows(right, found.right_row),
        )


def whole(data: RunData, charter: Charter, order: RunOrder, tile_rows: int) -> SearchPlan:
    """Units that search every two datasets; equal arguments give equal units."""
    parts = [RowPart(number, None) for number in range(len(data.datasets))]
    pairs = list(combinations(range(len(parts)), 2))
    return _plan(data, charter, order, tile_rows, parts, pairs)


def of_new_rows(
    data: RunData, charter: Charter, order: RunOrder, tile_rows: int, moves: Sequence[Moves]
) -> SearchPlan:
    """Units for pairs with at least one new row. Pairs of two new rows are found twice."""
    parts = [RowPart(number, None) for number in range(len(data.datasets))]
    fresh: dict[int, int] = {}
    for number, each in enumerate(moves):
        if len(each.new):
            fresh[number] = len(parts)
            parts.append(RowPart(number, each.new))
    pairs = []
    for left, right in combinations(range(len(moves)), 2):
        pairs += [(fresh[left], right)] if left in fresh else []
        pairs += [(left, fresh[right])] if right in fresh else []
    return _plan(data, charter, order, tile_rows, parts, pairs)


def samplings(data: RunData, charter: Charter, order: RunOrder) -> Samplings:
    """Tables for encodings without tags, if the charter allows sampling; else none."""
    recall_ppm = charter.matching.sampling_recall_ppm
    if recall_ppm is None:
        return {}
    return {
        (left, right, name): derived(
            name,
            data.datasets[left].encoding(name),
            data.datasets[right].encoding(name),
            threshold_ppm,
            recall_ppm,
        )
        for left, right in combinations(range(len(data.datasets)), 2)
        for name, threshold_ppm in sorted(lowest_ppm(charter, order).items())
        if name not in data.datasets[left].blocks
    }


def lowest_ppm(charter: Charter, order: RunOrder) -> dict[str, int]:
    """The lowest similarity searched for each encoding: its threshold, or its review band's."""
    review = charter.matching.review_ppm
    return {name: min(ppm, review.get(name, ppm)) for name, ppm in order.thresholds_ppm.items()}


def require_no_flood(data: RunData, charter: Charter, order: RunOrder) -> None:
    """Raises BadInput if a threshold passes more pairs than can be solved or stored."""
    limited = charter.matching.top_k is not None
    most = flood.MOST_STORED if limited else flood.MOST_CANDIDATES
    across = combinations(data.datasets, 2)
    _require_no_flood(across, lowest_ppm(charter, order), most, limitable=not limited)
    if charter.matching.cardinality != "one-to-one":
        # Pairs inside a dataset are all held in memory, whatever limit applies between datasets.
        within = ((each, each) for each in data.datasets)
        most = flood.MOST_CANDIDATES
        _require_no_flood(within, order.thresholds_ppm, most, limitable=False)


def _require_no_flood(
    pairs: Iterable[tuple[EncodedDataset, EncodedDataset]],
    thresholds_ppm: Mapping[str, int],
    most: int,
    *,
    limitable: bool,
) -> None:
    for left, right in pairs:
        for name, threshold_ppm in sorted(thresholds_ppm.items()):
            sides = left.encoding(name), right.encoding(name)
            blocks = (left.blocks[name], right.blocks[name]) if name in left.blocks else None
            flood.require_no_flood(name, *sides, threshold_ppm, most, blocks, charter=limitable)


def _plan(
    data: RunData,
    charter: Charter,
    order: RunOrder,
    tile_rows: int,
    parts: list[RowPart],
    pairs: list[tuple[int, int]],
) -> SearchPlan:
    tables = samplings(data, charter, order)
    of_parts = {
        (left, right, name): sampling
        for left, right in pairs
        for (i, j, name), sampling in tables.items()
        if (parts[left].dataset, parts[right].dataset) == (i, j)
    }
    job = SearchJob([_taken(data, part) for part in parts], lowest_ppm(charter, order), of_parts)
    units = [unit for pair in pairs for unit in _units(job, *pair, tile_rows)]
    return SearchPlan(job, units, parts)


def _units(job: SearchJob, left: int, right: int, tile_rows: int) -> Iterator[Unit]:
    """Blocks of tags first, then tables, then tiles that compare all rows."""
    sides, of_all_pairs = (job.datasets[left], job.datasets[right]), False
    for name in sorted(job.thresholds_ppm):
        if name in sides[0].blocks:
            blocks = sides[0].blocks[name], sides[1].blocks[name]
            yield from plan_blocks(left, right, name, blocks, tile_rows**2)
        elif (left, right, name) in job.samplings:
            rows = sides[0].rows, sides[1].rows
            yield from plan_tables(left, right, name, rows, job.samplings[left, right, name])
        else:
            of_all_pairs = True
    if of_all_pairs:
        for tile in plan_tiles([each.rows for each in sides], tile_rows):
            yield replace(tile, left_dataset=left, right_dataset=right)


def _taken(data: RunData, part: RowPart) -> EncodedDataset:
    """The rows for the search, without NIK tokens and contrary codes: it only needs encodings."""
    dataset = replace(data.datasets[part.dataset], contrary={})
    if part.rows is not None:
        dataset = dataset.take(part.rows)
    return replace(dataset, tokens=np.zeros(dataset.tokens.shape, np.uint8))


def _rows(part: RowPart, found: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return found if part.rows is None else part.rows[found].astype(np.uint32)
