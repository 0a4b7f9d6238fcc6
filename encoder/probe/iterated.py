"""Iterated graph matching: no known pair, but any number of the attacker's own keys.

Averaged over many keys, the attacker's graph has almost no noise. The guess of `graph` is then
improved repeatedly: if it is right for some rows, rows similar to these identify others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from encoder.probe.graph import agreement, centred, matched, one_to_one, soft_assignment

Matrix = NDArray[np.float32]

_STEPS = 20
_FIRST_SHARPNESS, _LAST_SHARPNESS = 2.0, 6.0


def reidentified_in_turn(register: Matrix, encoded: Matrix, seed: int) -> float:
    """Share of rows (0 to 1) assigned to the right person; rows and people are in one order.

    `register` are similarities of people, averaged over keys. The attack sees `encoded` shuffled.
    """
    rows = len(encoded)
    shuffled = np.random.default_rng(seed).permutation(rows)
    theirs = encoded[np.ix_(shuffled, shuffled)]
    guess = _improved(centred(register), centred(theirs), matched([register], theirs))
    return float(np.mean(shuffled[guess] == np.arange(rows)))


def _improved(ours: Matrix, theirs: Matrix, guess: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of all guesses reached, the one under which the two graphs agree best."""
    best, agreed = guess, agreement(ours, theirs[np.ix_(guess, guess)])
    for sharpness in np.linspace(_FIRST_SHARPNESS, _LAST_SHARPNESS, _STEPS):
        belief = soft_assignment(ours @ theirs[guess], float(sharpness))
        scores = (ours @ belief @ theirs).astype(np.float32)
        guess = one_to_one(scores)
        here = agreement(ours, theirs[np.ix_(guess, guess)])
        if here > agreed:
            best, agreed = guess, here
    return best
