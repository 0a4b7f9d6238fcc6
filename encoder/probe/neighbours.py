"""nn10: how many of a row's nearest neighbours in clear text stay its nearest when encoded.

And what follows from it: the name of the nearest known pair as a guess.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 10


def neighbours_kept(plain: NDArray[np.float32], encoded: NDArray[np.float32]) -> float:
    """Share of the ten nearest by `plain` among the ten nearest by `encoded`, on average."""
    return float(
        np.mean(_nearest(plain)[:, :, np.newaxis] == _nearest(encoded)[:, np.newaxis]) * NEIGHBOURS
    )


def guess_by_nearest(encoded: NDArray[np.float32], known: int, bigrams: NDArray[np.bool_]) -> float:
    """Share of unknown rows' bigrams that the nearest of the first `known` rows has as well."""
    nearest = encoded[known:, :known].argmax(axis=1)
    truth, guess = bigrams[known:], bigrams[:known][nearest]
    return float(np.count_nonzero(truth & guess) / max(1, np.count_nonzero(truth)))


def _nearest(similarity: NDArray[np.float32]) -> NDArray[np.int64]:
    others = similarity.copy()
    np.fill_diagonal(others, -np.inf)
    found: NDArray[np.int64] = np.argpartition(-others, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    return found
