"""Who are the others, if some people's rows are known? With all encodings of a row together (T5).

The attacker encodes its register under keys of its own and so knows how alike any two people's
encodings are on average, whatever the key: a kernel. From the bits of the rows that it knows it
predicts each other person's bits under the project's key, encoding by encoding, by kernel (ridge)
regression, and gives each row to the person whose predicted bits it has most likely. The surest
guesses then count as known, and it begins again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from encoder.probe.graph import one_to_one

Bits = NDArray[np.uint8]
Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]
# Of rows: log-likelihoods (rows, people) that something besides encodings, as tags, tells.
Evidence = Callable[[Rows, Rows, Rows], Matrix]

_TURNS = 3
_RIDGE = np.float32(0.05)
_SUREST = 0.95  # of a bit's prediction: none is certain
_SURE = 0.3


def found_by_known(
    encodings: Sequence[Bits],
    kernels: Sequence[Matrix],
    share: float,
    seed: int,
    evidence: Evidence | None = None,
) -> float:
    """The share of the other rows that the attack gives to the right person.

    `encodings` are bits of each row, of person i in row i; `kernels` how alike any two people are
    on average, 1 for equal ones and 0 for strangers. `share` of all rows are known.
    """
    rows = len(kernels[0])
    rng = np.random.default_rng(seed)
    order = rng.permutation(rows)
    known = max(1, round(share * rows))
    first, others = order[:known], order[known:]
    # The people in another order than the rows: where nothing tells, chance decides.
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
    """Log-likelihoods of the others' bits as each of the people, as the known rows tell."""
    among = kernel[np.ix_(person, person)] + _RIDGE * np.eye(len(person), dtype=np.float32)
    told = kernel[np.ix_(people, person)] @ np.linalg.solve(among, sign[row])
    np.clip(told, -_SUREST, _SUREST, out=told)
    found: Matrix = sign[others] @ np.arctanh(told).T
    found += 0.5 * np.log1p(-told * told).sum(axis=1)
    return found


def _shares(likely: Matrix, axis: int) -> Matrix:
    """Log-likelihoods as shares of one along an axis."""
    shares: Matrix = np.exp(likely - likely.max(axis=axis, keepdims=True))
    shares /= shares.sum(axis=axis, keepdims=True)
    return shares
