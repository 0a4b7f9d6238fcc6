"""Identifies other rows if some people's rows are known, from all encodings of a row (T5).

The attacker encodes its register under its own keys. So it knows the average similarity of any
two people's encodings over all keys: a kernel. From the bits of known rows it predicts each other
person's bits under the project's key, for each encoding, by kernel (ridge) regression. It assigns
each row to the person whose predicted bits are most likely. The most certain assignments then
count as known, and it repeats this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from encoder.probe.graph import one_to_one

Bits = NDArray[np.uint8]
Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]
# Log-likelihoods (rows, people) from evidence other than encodings, such as tags.
Evidence = Callable[[Rows, Rows, Rows], Matrix]

_TURNS = 3
_RIDGE = np.float32(0.05)
_SUREST = 0.95  # the most certain prediction of a bit
_SURE = 0.3


def found_by_known(
    encodings: Sequence[Bits],
    kernels: Sequence[Matrix],
    share: float,
    seed: int,
    evidence: Evidence | None = None,
) -> float:
    """The share of the other rows (0 to 1) that the attack assigns to the right person.

    `encodings` are the bits of each row, with person i in row i; `kernels` the average similarity
    of any two people, 1 for equal ones and 0 for strangers. The `share` of all rows is known.
    """
    rows = len(kernels[0])
    rng = np.random.default_rng(seed)
    order = rng.permutation(rows)
    known = max(1, round(share * rows))
    first, others = order[:known], order[known:]
    # The people in another order than the rows: ties are then decided by chance.
    people = rng.permutation(others)
    signs = [bits.astype(np.float32) * 2 - 1 for bits in encodings]
    row, person = first, first
    guess = people
    for turn in range(_TURNS):
        likely = np.zeros((len(others), len(people)), np.float32)
        for sign, kernel in zip(signs, kernels, strict=True):
            likely += _likelihood(sign, kernel, row, person, others, people)
        if evidence is not None:
            likely += evidence(others, people, first)
        at = one_to_one(likely)
        guess = people[at]
        sure = (_shares(likely, 1) * _shares(likely, 0))[np.arange(len(at)), at]
        best = np.argsort(-sure)[: len(at) * (turn + 1) // _TURNS]
        best = best[sure[best] > _SURE]
        row = np.concatenate([first, others[best]])
        person = np.concatenate([first, guess[best]])
    return float(np.mean(guess == others))


def _likelihood(
    sign: Matrix, kernel: Matrix, row: Rows, person: Rows, others: Rows, people: Rows
) -> Matrix:
    """Log-likelihoods of the other rows' bits for each person, given the known rows."""
    among = kernel[np.ix_(person, person)] + _RIDGE * np.eye(len(person), dtype=np.float32)
    told = kernel[np.ix_(people, person)] @ np.linalg.solve(among, sign[row])
    np.clip(told, -_SUREST, _SUREST, out=told)
    found: Matrix = sign[others] @ np.arctanh(told).T
    found += 0.5 * np.log1p(-told * told).sum(axis=1)
    return found


def _shares(likely: Matrix, axis: int) -> Matrix:
    """Log-likelihoods as shares that sum to one along an axis."""
    shares: Matrix = np.exp(likely - likely.max(axis=axis, keepdims=True))
    shares /= shares.sum(axis=axis, keepdims=True)
    return shares
