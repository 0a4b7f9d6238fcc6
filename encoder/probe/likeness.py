"""How alike rows are by what is sent about them: all their encodings taken together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]
Matrix = NDArray[np.float32]

# One pair of unrelated rows in thirty thousand is alike by so many standard deviations.
_CHANCE = 4.0
_TINY = np.float32(1e-9)


def dice(bits: Bits, of: Bits) -> Matrix:
    """Dice coefficients of some rows with all rows."""
    every, some = bits.astype(np.float32), of.astype(np.float32)
    found: Matrix = 2 * (some @ every.T)
    found /= some.sum(axis=1)[:, np.newaxis] + every.sum(axis=1) + _TINY
    return found


def together(encodings: Sequence[Bits], first: int) -> tuple[Matrix, Matrix]:
    """How alike the rows from `first` on are to all rows: the sum over encodings, and the most.

    Each encoding counts in its own standard deviations.
    """
    rows = len(encodings[0])
    total = np.zeros((rows - first, rows), np.float32)
    most = np.full_like(total, -np.inf)
    for bits in encodings:
        scaled = dice(bits, bits[first:])
        scaled -= scaled.mean()
        scaled /= scaled.std() + _TINY
        total += scaled
        np.maximum(most, scaled, out=most)
    return total, most


def graphs(encodings: Sequence[Bits]) -> list[Matrix]:
    """The similarity graphs to attack: the sum of all encodings, and their links beyond chance.

    Where each encoding ties few rows, as one with a narrow salt does, the sum drowns those ties
    in the noise of all other pairs. Of a single encoding the sum is all there is to know.
    """
    total = np.zeros((len(encodings[0]), len(encodings[0])), np.float32)
    links = np.zeros_like(total)
    for bits in encodings:
        scaled = _scaled(dice(bits, bits))
        total += scaled
        links += np.maximum(scaled - np.float32(_CHANCE), 0)
    return [total] if len(encodings) == 1 else [total, links]


def _scaled(similarity: Matrix) -> Matrix:
    """In standard deviations of the pairs; a row with itself is no pair. Constants become 0."""
    rows = len(similarity)
    own = similarity.diagonal().copy()
    np.fill_diagonal(similarity, 0)
    mean = similarity.sum(dtype=np.float64) / (rows * (rows - 1))
    np.fill_diagonal(similarity, mean)
    similarity -= np.float32(mean)
    spread = np.linalg.norm(similarity) / np.sqrt(rows * (rows - 1))
    np.fill_diagonal(similarity, own - np.float32(mean))
    if spread < np.sqrt(_TINY):
        return np.zeros_like(similarity)
    similarity /= np.float32(spread)
    return similarity
