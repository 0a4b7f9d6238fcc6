"""Graph matching: who is who from similarities alone, without one known pair (T3).

The attack in the manner of Vidanage, Christen, Ranbaduge and Schnell (CIKM 2020) and of
Schaefer, Armknecht and Heng (ACSAC 2024), written from their descriptions and simplified:
both sides make a similarity graph; a row's profile in its graph is matched with profiles of
the other; the surest matches become seeds, and everybody's similarities to the seeds make a
sharper profile for the next round. The attacker's register holds everybody, without errors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

_PROFILE = 200
_ROUNDS = 8
# Few right seeds are enough where the graphs are alike, but which share holds them differs.
_FIRST_SEEDS = (0.05, 0.2)


def reidentified(plain: Matrix, encoded: Matrix, seed: int = 1) -> float:
    """Share of rows that the attack gives to the right person.

    The attacker starts several times and keeps the outcome that fits best by its own measure.
    """
    shuffled = np.random.default_rng(seed).permutation(len(plain))
    hidden = encoded[np.ix_(shuffled, shuffled)]
    first = _likeness(_profile(plain), _profile(hidden))
    outcomes = [_align(plain, hidden, first, share) for share in _FIRST_SEEDS]
    _, guess = max(outcomes, key=lambda outcome: outcome[0])
    return float(np.mean(shuffled[guess] == np.arange(len(plain))))


def _align(
    left: Matrix, right: Matrix, scores: Matrix, first: float
) -> tuple[float, NDArray[np.int64]]:
    """How well the graphs lie on each other, and for each row of `left` its row of `right`."""
    rows = len(left)
    for step in range(_ROUNDS):
        guess = scores.argmax(axis=1)
        mutual = np.flatnonzero(scores.argmax(axis=0)[guess] == np.arange(rows))
        best_two = -np.partition(-scores[mutual], 1, axis=1)[:, :2]
        margin = best_two[:, 0] - best_two[:, 1]
        wanted = max(20, int(min(1.0, first + step / _ROUNDS) * rows))
        seeds = mutual[np.argsort(-margin, kind="stable")[:wanted]]
        scores = _likeness(left[:, seeds], right[:, guess[seeds]])
    return float(scores.max(axis=1).mean()), scores.argmax(axis=1)


def _profile(similarity: Matrix) -> Matrix:
    """How alike a row is to its nearest, whoever they are, and how their own nearest are."""
    nearest = -np.sort(-similarity, axis=1)[:, 1 : _PROFILE + 1]
    at = np.argsort(-similarity, axis=1)[:, 1:21]
    around = np.sort(nearest[at].mean(axis=1), axis=1)
    spread = np.quantile(similarity, np.linspace(0, 1, 50), axis=1).T
    return np.concatenate([nearest, around, spread], axis=1).astype(np.float32)


def _likeness(left: Matrix, right: Matrix) -> Matrix:
    """Correlation of ranks-free, standardised columns, row by row."""
    found: Matrix = _standard(left) @ _standard(right).T
    return found


def _standard(columns: Matrix) -> Matrix:
    scaled = (columns - columns.mean(axis=0)) / (columns.std(axis=0) + 1e-6)
    norms = np.linalg.norm(scaled, axis=1, keepdims=True) + 1e-6
    result: Matrix = (scaled / norms).astype(np.float32)
    return result
