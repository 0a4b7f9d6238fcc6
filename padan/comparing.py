"""Encoded tables to candidate pairs: `linkage_service.matching` for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage_service.clk_files import (
    TILE_ROWS,
    bad_threshold,
    different_lengths,
    pairs_within,
    parse_threshold,
    require_no_flood,
)
from linkage_service.matching import Candidates, Tile, gather, pack_words, plan_tiles
from linkage_service.matching.searching import searched
from linkage_service.matching.similarity import dice_pairs_from
from padan.encoding import RECORD_ID
from padan.error_codes import PadanCode
from padan.frames import Frame, Progress, Values, filters, opened, silent, table, texts
from padan.hardened import hardened_pairs
from padan.pairs import shown
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import Charter

Threshold = float | int | str | Decimal | Fraction


def compare(
    *frames: Any,
    threshold: Threshold | None = None,
    charter: Charter | None = None,
    progress: Progress = silent,
) -> Any:
    """Candidate pairs of rows, most similar first, as a table of the first frame's library.

    Two or more frames are compared with each other; one frame with itself, each pair of its
    rows once and no row with itself. Every pair is compared, and none is left out.

    With `threshold` (above 0, at most 1, used exactly as written) frames are those of
    `encode_plain`. With `charter` they are those of `encode_hardened`, and the charter's
    thresholds and rule decide. Give exactly one of the two.

    Columns: `left_dataset`, `left_row`, `right_dataset`, `right_row` (Int64, from 0, by position),
    `left_id`, `right_id` (String, if all frames have `record_id`), `similarity` (Float64: the
    Dice coefficient, plus 1 if NIK tokens agree). With a charter also `certain` (Boolean):
    False for a pair of its review band, or one contradicted by contrary codes.

    `progress` receives the comparisons done and their total. Raises BadInput: `compare.arguments`,
    `frame.*`, `matching.threshold`, `matching.filters-differ`, and `matching.flood` if more
    pairs would pass than can be solved.
    """
    if not frames or (threshold is None) == (charter is None):
        raise _arguments()
    given = [opened(each) for each in frames]
    if charter is not None:
        encoded = [filters(each, "encoded") for each in given]
        return _table(hardened_pairs(encoded, charter, progress), given, judged=True)
    sides = [filters(each, "clk") for each in given]
    found = _plain(sides, _exact(threshold), progress)
    return _table(found, given, judged=False)


def _plain(
    sides: Sequence[NDArray[np.uint8]], threshold: Fraction, progress: Progress
) -> Candidates:
    _require_one_length(sides)
    words = [pack_words(side) if len(side) else np.zeros((0, 1), np.uint64) for side in sides]
    if len(words) == 1:
        return pairs_within(words[0], threshold, progress)
    for left, right in combinations(words, 2):
        require_no_flood(left, right, threshold)
    tiles = plan_tiles([len(side) for side in words], TILE_ROWS)

    def search(tile: Tile) -> Candidates:
        left = words[tile.left_dataset][tile.left_start : tile.left_stop]
        right = words[tile.right_dataset][tile.right_start : tile.right_stop]
        return dice_pairs_from(left, right, threshold).placed(
            tile.left_dataset, tile.right_dataset, tile.left_start, tile.right_start
        )

    return gather(searched(search, tiles, progress))


def _table(found: Candidates, frames: Sequence[Frame], *, judged: bool) -> Any:
    similarity, certain = shown(found)
    columns: dict[str, Values] = {
        "left_dataset": found.left_dataset,
        "left_row": found.left_row,
        "right_dataset": found.right_dataset,
        "right_row": found.right_row,
    }
    if all(RECORD_ID in each.columns for each in frames):
        ids = [np.array([*texts(each, RECORD_ID), ""], object) for each in frames]
        sides = (found.left_dataset, found.left_row), (found.right_dataset, found.right_row)
        for name, (datasets, rows) in zip(("left_id", "right_id"), sides, strict=True):
            cells = np.full(len(found), "", object)
            for number, of_dataset in enumerate(ids):
                here = datasets == number
                cells[here] = of_dataset[rows[here]]
            columns[name] = cells.tolist()
    columns["similarity"] = similarity
    if judged:
        columns["certain"] = certain
    return table(columns, frames[0].implementation)


def _require_one_length(sides: Sequence[NDArray[np.uint8]]) -> None:
    widths = [side.shape[1] for side in sides if len(side)]
    for width in widths:
        if width != widths[0]:
            raise different_lengths(8 * widths[0], 8 * width)


def _exact(threshold: Threshold | None) -> Fraction:
    """The threshold as a fraction; a float as Python prints it: 0.85 is 85/100."""
    if isinstance(threshold, Fraction):
        if not 0 < threshold <= 1:
            raise bad_threshold()
        return threshold
    return parse_threshold(str(threshold))


def _arguments() -> BadInput:
    return BadInput(
        PadanCode.COMPARE_ARGUMENTS,
        Words(
            "compare memerlukan sedikitnya satu tabel, dan 'threshold' atau 'charter'.",
            "compare needs at least one table, and either a threshold or a charter.",
        ),
        Words(
            "Misalnya compare(kiri, kanan, threshold=0.85).",
            "For example compare(left, right, threshold=0.85).",
        ),
    )
