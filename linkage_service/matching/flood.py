"""A threshold that strangers pass floods the results: detect it before the search.

Below some threshold, the number of candidates grows with the product of both sides. A sample of
pairs tells how many to expect, and which threshold keeps the number small enough to solve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.error_codes import ServiceCode
from linkage_service.matching.blocks import Blocks
from linkage_service.matching.similarity import MILLION, dice_of_rows
from policy.base.errors import BadInput
from policy.base.words import Words

# About 20 bytes each, and several times as much while they are sorted.
MOST_CANDIDATES = 100_000_000
# With `matching.top_k` few of them are in memory at once, but all are stored: 20 GB.
MOST_STORED = 1_000_000_000
_SAMPLE = 1_000_000
_STEP_PPM = 5_000

Filters = NDArray[np.uint64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Flood:
    """The estimated number of pairs that pass, and a threshold that few enough pairs pass."""

    pairs: float
    advised_ppm: int


def require_no_flood(
    name: str,
    left: Filters,
    right: Filters,
    threshold_ppm: int,
    most: int | None = None,
    blocks: tuple[Blocks, Blocks] | None = None,
    charter: bool = False,
) -> None:
    """Raises BadInput if more than `most` pairs would pass, and suggests a threshold.

    See `expected_flood`. If a `charter` could still limit the candidates of a row, the advice
    mentions that.
    """
    most = MOST_CANDIDATES if most is None else most
    flood = expected_flood(left, right, threshold_ppm, most, blocks)
    if flood is None:
        return
    raise BadInput(
        ServiceCode.MATCHING_FLOOD,
        Words(
            f"Ambang {threshold_ppm} untuk '{name}' akan meloloskan sekitar {flood.pairs:,.0f}"
            f" pasangan; paling banyak {most:,}.",
            f"Threshold {threshold_ppm} for '{name}' would let some {flood.pairs:,.0f} pairs"
            f" pass; at most {most:,} may.",
        ),
        _advice(flood.advised_ppm, charter),
    )


def expected_flood(
    left: Filters,
    right: Filters,
    threshold_ppm: int,
    most: int,
    blocks: tuple[Blocks, Blocks] | None = None,
) -> Flood | None:
    """The expected flood if more than `most` pairs would pass; else None.

    Filters are uint64 (n, words) and (m, words). The estimate uses a million random pairs,
    always the same ones. Two sides with at most `most` pairs in total always pass. With `blocks`
    only rows of the same block are pairs.
    """
    pairs = len(left) * len(right) if blocks is None else _pairs_in(*blocks)
    if pairs <= most:
        return None
    rows = _any_rows(left, right) if blocks is None else _rows_of_one_block(*blocks)
    similarity = _similarity(left, right, *rows)
    expected = float(np.mean(similarity >= threshold_ppm)) * pairs
    if expected <= most:
        return None
    allowed = int(most / pairs * len(similarity))
    enough = int(np.sort(similarity)[len(similarity) - 1 - allowed])
    return Flood(expected, min(MILLION, (enough // _STEP_PPM + 1) * _STEP_PPM))


def _advice(threshold_ppm: int, charter: bool) -> Words:
    if not charter:
        return Words(
            f"Naikkan ambang itu menjadi sekitar {threshold_ppm}.",
            f"Raise it to about {threshold_ppm}.",
        )
    return Words(
        f"Naikkan ambang itu menjadi sekitar {threshold_ppm}, atau batasi calon setiap baris"
        " (matching.top_k di piagam).",
        f"Raise it to about {threshold_ppm}, or limit the candidates of a row (matching.top_k in"
        " the charter).",
    )


def _pairs_in(left: Blocks, right: Blocks) -> int:
    return int(np.sum(left.sizes * right.sizes))


def _any_rows(left: Filters, right: Filters) -> tuple[Rows, Rows]:
    random = np.random.default_rng(0)
    return random.integers(0, len(left), _SAMPLE), random.integers(0, len(right), _SAMPLE)


def _rows_of_one_block(left: Blocks, right: Blocks) -> tuple[Rows, Rows]:
    """Random pairs of rows in the same block, all equally likely."""
    random = np.random.default_rng(0)
    up_to = np.cumsum(left.sizes * right.sizes)
    block = np.searchsorted(up_to, random.integers(0, up_to[-1], _SAMPLE), side="right")
    found = []
    for side in (left, right):
        place = side.starts[block] + random.integers(0, side.sizes[block])
        found.append(side.order[place].astype(np.int64))
    return found[0], found[1]


def _similarity(left: Filters, right: Filters, left_rows: Rows, right_rows: Rows) -> Rows:
    """Dice coefficients of these pairs, in parts per million."""
    similarity, _ = dice_of_rows(left, right, left_rows, right_rows, 0)
    return np.floor(similarity * MILLION).astype(np.int64)
