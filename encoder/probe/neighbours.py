"""nn10: the share of a row's ten nearest neighbours in clear text that stay nearest when encoded.

Also its consequence: the name of the nearest known pair as a guess.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 10


def neighbours_kept(plain: NDArray[np.float32], encoded: NDArray[np.float32]) -> float:
    """Mean share of the ten nearest by `plain` that are among the ten nearest by `encoded`."""
    same = _nearest(plain)[:, :, np.newaxis] == _nearest(encoded)[:, np.newaxis, :]
    return float(np.sum(same)) / (len(plain) * NEIGHBOURS)


def guess_by_nearest(
    to_known: NDArray[np.float32], bigrams: NDArray[np.bool_], known: int
) -> float:
    """Share of unknown rows' bigrams that their nearest known row also has.

    `to_known` (unknown rows, known rows) are similarities; `bigrams` has the known rows first.
    """
    guess, truth = bigrams[:known][to_known.argmax(axis=1)], bigrams[known:]
    return float(np.sum(truth & guess)) / max(1.0, float(np.sum(truth)))


def _nearest(similarity: NDArray[np.float32]) -> NDArray[np.int64]:
    others = similarity.copy()
    np.fill_diagonal(others, -np.inf)
    found: NDArray[np.int64] = np.argpartition(-others, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    return found
