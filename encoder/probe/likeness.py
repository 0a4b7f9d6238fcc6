"""The similarity of rows by everything that is sent about them: all encodings together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]
Matrix = NDArray[np.float32]

# By chance, one pair of unrelated rows in thirty thousand exceeds this many deviations.
_CHANCE = 4.0
_TINY = np.float32(1e-9)


def dice(bits: Bits, of: Bits) -> Matrix:
    """Dice coefficients of the rows `bits` with all rows `of`, (rows, all rows)."""
    every = bits.astype(np.float32)
    # A product of one array with itself costs half: it is symmetric.
    some = every if of is bits else of.astype(np.float32)
    found: Matrix = some @ every.T
    found *= 2
    found /= some.sum(axis=1)[:, np.newaxis] + every.sum(axis=1) + _TINY
    return found


def together(encodings: Sequence[Bits], first: int) -> tuple[Matrix, Matrix]:
    """The similarity of the rows from `first` on to all rows: the sum over encodings, and the
    maximum.

    Each encoding is scaled by its own standard deviation.
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

    If each encoding links few rows, like one with a narrow salt, the sum hides these links in the
    noise of all other pairs. For a single encoding the sum has all the information.
    """
    total = np.zeros((len(encodings[0]), len(encodings[0])), np.float32)
    links = np.zeros_like(total)
    for bits in encodings:
        scaled = _scaled(dice(bits, bits))
        total += scaled
        links += np.maximum(scaled - np.float32(_CHANCE), 0)
    return [total] if len(encodings) == 1 else [total, links]


def _scaled(similarity: Matrix) -> Matrix:
    """Scaled to standard deviations of the pairs, without the diagonal. Constants become 0."""
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
