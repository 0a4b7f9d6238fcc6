"""XOR-4: if an encoding is linear, the XOR of four rows with cancelling tokens has few bits.

Pairs of neighbours in clear text are matched with other pairs that differ in the same
tokens; under a linear encoding the XOR of these four rows is nearly empty (T4).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_PAIRS, _QUADRUPLES = 4_000, 500


def related_quadruples(
    tokens: NDArray[np.float32], plain: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Row numbers, (n, 4): the quadruples whose tokens cancel best, each row at most once."""
    others = plain.copy()
    np.fill_diagonal(others, -np.inf)
    partner = others.argmax(axis=1)
    rows = np.arange(len(plain))
    pairs = np.unique(np.sort(np.stack([rows, partner], axis=1), axis=1), axis=0)[:_PAIRS]
    difference = np.abs(tokens[pairs[:, 0]] - tokens[pairs[:, 1]])
    sizes = difference.sum(axis=1)
    cancelled = sizes[:, np.newaxis] + sizes - 2 * (difference @ difference.T)
    cancelled += np.where(sizes < 1, np.inf, 0.0)  # equal people cancel in any encoding
    np.fill_diagonal(cancelled, np.inf)
    best = cancelled.argmin(axis=1)
    order = np.argsort(cancelled[np.arange(len(best)), best], kind="stable")
    quadruples = np.concatenate([pairs[order], pairs[best[order]]], axis=1)
    distinct = np.array([len(set(each)) == 4 for each in quadruples.tolist()], bool)
    chosen: NDArray[np.int64] = quadruples[distinct][:_QUADRUPLES]
    return chosen


def xor_of_four(bits: NDArray[np.bool_], quadruples: NDArray[np.int64]) -> tuple[float, float]:
    """Median weight of the XORs, and its z-score against random bits: far below 0 shows
    structure."""
    mixed = np.bitwise_xor.reduce(bits[quadruples], axis=1)
    weight = float(np.median(mixed.mean(axis=1)))
    return weight, (weight - 0.5) / (0.5 / math.sqrt(bits.shape[1]))
