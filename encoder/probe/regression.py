"""Ridge regression from the bits of known pairs to the bigrams of their names (T5)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_PENALTIES = (1e2, 1e3, 1e4)


def ridge_auc(
    bits: NDArray[np.float32],
    known: int,
    bigrams: NDArray[np.bool_],
    penalties: tuple[float, ...] = _PENALTIES,
) -> float:
    """Mean AUC over bigrams on the rows after the first `known`, for the best penalty."""
    centred = 2 * bits - 1
    learnt, asked = centred[:known], centred[known:]
    goals = bigrams[:known].astype(np.float32)
    mean = goals.mean(axis=0)
    kernel, across = learnt @ learnt.T, asked @ learnt.T
    best = 0.0
    for penalty in penalties:
        weights = np.linalg.solve(kernel + penalty * np.eye(known, dtype=np.float32), goals - mean)
        best = max(best, _mean_auc(across @ weights, bigrams[known:]))
    return best


def _mean_auc(scores: NDArray[np.float32], truth: NDArray[np.bool_]) -> float:
    """The mean AUC (Mann-Whitney's U) over the columns in which both classes occur."""
    ranks = scores.argsort(axis=0).argsort(axis=0) + 1.0
    positive = truth.sum(axis=0)
    negative = len(truth) - positive
    usable = (positive > 0) & (negative > 0)
    u = (ranks * truth).sum(axis=0) - positive * (positive + 1) / 2
    return float(np.mean(u[usable] / (positive * negative)[usable]))
