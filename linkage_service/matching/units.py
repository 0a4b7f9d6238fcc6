"""Units of a search that leaves pairs out: some blocks of a tag, or one table of sampled bits.

Like a tile, a unit is small, can be repeated on any machine, and finds the same each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.blocks import Blocks, search_in_blocks
from linkage_service.matching.candidates import Candidates
from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.sampling import Sampling, search_table
from linkage_service.matching.tiles import Tile, match_tile

# The comparisons that take as long as putting one row into a table.
_COMPARISONS_OF_A_ROW = 32


@dataclass(frozen=True, order=True)
class BlockTile:
    """Blocks [first, last) of one encoding's tags, between two datasets or within one.

    A block too large for one unit is divided: this unit has its left rows [left_start,
    left_stop), counted from the beginning of the first block.
    """

    left_dataset: int
    right_dataset: int
    encoding: str
    first: int
    last: int
    left_start: int
    left_stop: int
    comparisons: int


@dataclass(frozen=True, order=True)
class TableTile:
    """One table of sampled bits of one encoding, between two datasets."""

    left_dataset: int
    right_dataset: int
    encoding: str
    table: int
    comparisons: int


Unit = Tile | BlockTile | TableTile
Samplings = Mapping[tuple[int, int, str], Sampling]


def plan_blocks(
    left: int, right: int, encoding: str, sides: tuple[Blocks, Blocks], most_pairs: int
) -> list[BlockTile]:
    """Units for every block of two datasets, each with about `most_pairs`; large blocks divided.

    The same arguments give the same list on every machine.
    """
    pairs = sides[0].sizes * sides[1].sizes
    units = []
    for first, last in _stretches(pairs, most_pairs):
        lefts = int(sides[0].starts[last] - sides[0].starts[first])
        comparisons = int(pairs[first:last].sum())
        cuts = max(1, -(-comparisons // most_pairs)) if last - first == 1 else 1
        bounds = np.linspace(0, lefts, min(cuts, lefts) + 1).astype(int).tolist()
        for start, stop in pairwise(bounds):
            share = comparisons * (stop - start) // lefts
            units.append(BlockTile(left, right, encoding, first, last, start, stop, share))
    return units


def plan_tables(
    left: int, right: int, encoding: str, rows: tuple[int, int], sampling: Sampling
) -> list[TableTile]:
    """One unit for each table; most of its work is to put rows into the table."""
    work = _COMPARISONS_OF_A_ROW * sum(rows)
    return [TableTile(left, right, encoding, table, work) for table in range(sampling.tables)]


def match_unit(
    left: EncodedDataset,
    right: EncodedDataset,
    unit: Unit,
    thresholds_ppm: Mapping[str, int],
    samplings: Samplings,
) -> Candidates:
    """The candidate pairs of one unit, each once, in the solver's order.

    A tile compares by the encodings without tags or tables.
    """
    if isinstance(unit, Tile):
        return match_tile(left, right, unit, _of_all_pairs(left, unit, thresholds_ppm, samplings))
    sides = left.encoding(unit.encoding), right.encoding(unit.encoding)
    threshold = thresholds_ppm[unit.encoding]
    if isinstance(unit, TableTile):
        sampling = samplings[unit.left_dataset, unit.right_dataset, unit.encoding]
        found = search_table(*sides, sampling, unit.table, threshold)
    else:
        found = search_in_blocks(*sides, *_parts(left, right, unit), threshold)
    return found.placed(unit.left_dataset, unit.right_dataset, 0, 0).ordered()


def _parts(left: EncodedDataset, right: EncodedDataset, unit: BlockTile) -> tuple[Blocks, Blocks]:
    ours = left.blocks[unit.encoding].part(unit.first, unit.last)
    theirs = right.blocks[unit.encoding].part(unit.first, unit.last)
    if (unit.left_start, unit.left_stop) != (0, len(ours.order)):
        order = ours.order[unit.left_start : unit.left_stop]
        ours = Blocks(order, np.array([0, len(order)], np.int64))
    return ours, theirs


def _of_all_pairs(
    dataset: EncodedDataset, tile: Tile, thresholds_ppm: Mapping[str, int], samplings: Samplings
) -> dict[str, int]:
    return {
        name: threshold_ppm
        for name, threshold_ppm in thresholds_ppm.items()
        if name not in dataset.blocks
        and (tile.left_dataset, tile.right_dataset, name) not in samplings
    }


def _stretches(pairs: NDArray[np.int64], most: int) -> list[tuple[int, int]]:
    """Runs of blocks with at most `most` pairs each, or of one block; without empty ones."""
    runs: list[tuple[int, int]] = []
    first, last, held = 0, 0, 0
    for block in np.flatnonzero(pairs).tolist():
        if held and held + int(pairs[block]) > most:
            runs.append((first, last))
            held = 0
        if not held:
            first = block
        held += int(pairs[block])
        last = block + 1
    return [*runs, (first, last)] if held else runs
