"""All pairs of datasets, divided into tiles: the unit of work, of retry and of storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from linkage_service.error_codes import ServiceCode
from linkage_service.matching.candidates import Candidates, concatenate
from linkage_service.matching.encodings import EncodedDataset
from linkage_service.matching.similarity import dice_pairs
from policy.base.errors import BadInput
from policy.base.words import Words

MOST_DATASETS = 2**16  # datasets are numbered in 16 bits


@dataclass(frozen=True, order=True)
class Tile:
    """Rows [left_start, left_stop) of one dataset against [right_start, right_stop) of another.

    Datasets are numbered as in the run; left_dataset < right_dataset.
    """

    left_dataset: int
    right_dataset: int
    left_start: int
    left_stop: int
    right_start: int
    right_stop: int

    @property
    def comparisons(self) -> int:
        """The number of pairs of records: the measure of progress."""
        return (self.left_stop - self.left_start) * (self.right_stop - self.right_start)


def plan_tiles(dataset_sizes: Sequence[int], tile_rows: int) -> list[Tile]:
    """Every pair of rows of every two datasets in exactly one tile, in a fixed order.

    `dataset_sizes` are numbers of rows, `tile_rows` the most rows on one side of a
    tile. The same arguments give the same list on every machine.
    """
    if tile_rows < 1 or len(dataset_sizes) > MOST_DATASETS or min(dataset_sizes, default=0) < 0:
        raise _impossible_plan(tile_rows, len(dataset_sizes))
    return [
        Tile(left, right, *rows, *columns)
        for left, right in combinations(range(len(dataset_sizes)), 2)
        for rows in _stretches(dataset_sizes[left], tile_rows)
        for columns in _stretches(dataset_sizes[right], tile_rows)
    ]


def match_tile(
    left: EncodedDataset,
    right: EncodedDataset,
    tile: Tile,
    thresholds_ppm: Mapping[str, int],
) -> Candidates:
    """The candidate pairs of one tile, each once, in the solver's order.

    `left` and `right` are the tile's two complete datasets. `thresholds_ppm` maps the
    name of an encoding to its Dice threshold in parts per million. A pair is a
    candidate if any encoding reaches its threshold; its similarity is the
    largest Dice coefficient among the encodings that do.
    """
    if not thresholds_ppm:
        raise _no_thresholds()
    _check_tile(left, right, tile)
    parts = [
        dice_pairs(
            left.encoding(name)[tile.left_start : tile.left_stop],
            right.encoding(name)[tile.right_start : tile.right_stop],
            threshold_ppm,
        )
        for name, threshold_ppm in sorted(thresholds_ppm.items())
    ]
    found = concatenate(parts)
    if len(parts) > 1:
        found = found.unique().ordered()
    return found.placed(tile.left_dataset, tile.right_dataset, tile.left_start, tile.right_start)


def _stretches(rows: int, tile_rows: int) -> list[tuple[int, int]]:
    return [(start, min(start + tile_rows, rows)) for start in range(0, rows, tile_rows)]


def _check_tile(left: EncodedDataset, right: EncodedDataset, tile: Tile) -> None:
    inside_left = 0 <= tile.left_start <= tile.left_stop <= left.rows
    inside_right = 0 <= tile.right_start <= tile.right_stop <= right.rows
    if not inside_left or not inside_right:
        raise BadInput(
            ServiceCode.MATCHING_TILE,
            Words(
                f"Petak {tile} berada di luar dataset {left.name} atau {right.name}.",
                f"Tile {tile} lies outside dataset {left.name} or {right.name}.",
            ),
            Words(
                "Buat ulang rencana petak dari ukuran dataset ini.",
                "Plan the tiles again from the sizes of these datasets.",
            ),
        )


def _no_thresholds() -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_THRESHOLD,
        Words(
            "Tidak ada ambang kemiripan untuk penyandian mana pun.",
            "There is no similarity threshold for any encoding.",
        ),
        Words("Tetapkan ambang itu di piagam.", "Set that threshold in the charter."),
    )


def _impossible_plan(tile_rows: int, datasets: int) -> BadInput:
    return BadInput(
        ServiceCode.MATCHING_TILE,
        Words(
            f"Tidak dapat membagi {datasets} dataset menjadi petak {tile_rows} baris.",
            f"{datasets} datasets cannot be cut into tiles of {tile_rows} rows.",
        ),
        Words(
            "Pilih petak sedikitnya 1 baris, dan paling banyak 65536 dataset.",
            "Choose tiles of at least 1 row, and at most 65536 datasets.",
        ),
    )
