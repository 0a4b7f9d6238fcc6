"""A threshold at which strangers pass floods the results; better said before the search.

Below some threshold, candidates grow with the product of the two sides. A sample of pairs
tells how many there will be, and which threshold keeps them to a number that can be solved.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.similarity import MILLION, dice_of_rows
from policy.errors import BadInput
from policy.words import Words

# Some 20 bytes each, and several times that while they are put in order.
MOST_CANDIDATES = 100_000_000
_SAMPLE = 1_000_000
_STEP_PPM = 5_000

Filters = NDArray[np.uint64]


def require_no_flood(
    name: str, left: Filters, right: Filters, threshold_ppm: int, most: int | None = None
) -> None:
    """BadInput where more pairs would pass than `most`; it names a threshold at which fewer do.

    Filters are uint64 (n, words) and (m, words). `most` is MOST_CANDIDATES if None. The estimate
    is from a million pairs drawn at random, always the same ones; sides with fewer pairs than
    `most` are let through.
    """
    most = MOST_CANDIDATES if most is None else most
    pairs = len(left) * len(right)
    if pairs <= most:
        return
    similarity = _sample(left, right)
    expected = float(np.mean(similarity >= threshold_ppm)) * pairs
    if expected <= most:
        return
    allowed = int(most / pairs * len(similarity))
    enough = int(np.sort(similarity)[len(similarity) - 1 - allowed])
    advised = min(MILLION, (enough // _STEP_PPM + 1) * _STEP_PPM)
    raise BadInput(
        "matching.flood",
        Words(
            f"Ambang {threshold_ppm} untuk '{name}' akan meloloskan sekitar {expected:,.0f}"
            f" pasangan; paling banyak {most:,}.",
            f"Threshold {threshold_ppm} for '{name}' would let some {expected:,.0f} pairs"
            f" pass; at most {most:,} can be solved.",
        ),
        Words(
            f"Naikkan ambang itu menjadi sekitar {advised}, atau batasi pasangan per baris (k).",
            f"Raise it to about {advised}, or limit the pairs of a row (k).",
        ),
    )


def _sample(left: Filters, right: Filters) -> NDArray[np.int64]:
    """Dice coefficients of random pairs, in parts per million."""
    random = np.random.default_rng(0)
    left_rows, right_rows = (random.integers(0, len(side), _SAMPLE) for side in (left, right))
    similarity, _ = dice_of_rows(left, right, left_rows, right_rows, 0)
    return np.floor(similarity * MILLION).astype(np.int64)
