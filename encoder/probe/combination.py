"""XOR-4: four rows whose tokens cancel out give a light XOR wherever an encoding is linear.

Pairs of neighbours in clear text are matched with other pairs that differ in the same
tokens; under a linear encoding the XOR of such four is nearly empty (T4).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_PAIRS, _QUADRUPLES = 4_000, 500


def related_quadruples(
    tokens: NDArray[np.float32], plain: NDArray[np.float32]
) -> NDArray[np.int64]:
    """(n, 4) rows: the quadruples whose tokens cancel best, without a row twice."""
    others = plain.copy()
    np.fill_diagonal(others, -np.inf)
    partner = others.argmax(axis=1)
    rows = np.arange(len(plain))
    pairs = np.unique(np.sort(np.stack([rows, partner], axis=1), axis=1), axis=0)[:_PAIRS]
    difference = np.abs(tokens[pairs[:, 0]] - tokens[pairs[:, 1]])
    sizes = difference.sum(axis=1)
    cancelled = sizes[:, np.newaxis] + sizes - 2 * (difference @ difference.T)
    cancelled += np.where(sizes < 1, np.inf, 0.0)  # equal people cancel without any structure
    np.fill_diagonal(cancelled, np.inf)
    best = cancelled.argmin(axis=1)
    order = np.argsort(cancelled[np.arange(len(best)), best], kind="stable")
    quadruples = np.concatenate([pairs[order], pairs[best[order]]], axis=1)
    distinct = np.array([len(set(each)) == 4 for each in quadruples.tolist()], bool)
    chosen: NDArray[np.int64] = quadruples[distinct][:_QUADRUPLES]
    return chosen


def xor_of_four(bits: NDArray[np.bool_], quadruples: NDArray[np.int64]) -> tuple[float, float]:
    """Median weight of the XORs, and its z against fair coins: far below 0 is structure."""
    mixed = np.bitwise_xor.reduce(bits[quadruples], axis=1)
    weight = float(np.median(mixed.mean(axis=1)))
    return weight, (weight - 0.5) / (0.5 / math.sqrt(bits.shape[1]))
