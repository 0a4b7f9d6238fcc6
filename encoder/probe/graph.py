"""Graph matching: identifies people from similarities only, without any known pair (T3).

The attacker knows the charter and the people, but not the key. It encodes its register by the
charter's terms under its own keys, and aligns that graph of similarities with the graph of the
encodings it received:

    1. A row's profile: its similarities to its nearest rows, and their profiles, two steps far.
       The profile depends on the people and little on the key. Profiles give the first scores.
    2. Both graphs become points in the space of their leading eigenvectors.
    3. Repeatedly: scores become a soft assignment, and the assignment gives the rotation of one
       space that aligns the points (Wasserstein-Procrustes); the rotation gives new scores. Coarse
       structure comes first, fine structure later, with a sharper assignment each time.
    4. Rows are assigned one to one, the most certain first.
    5. Whether the aligned graphs agree can be seen without the truth. If they do not agree, the
       attacker starts again from the profiles of fewer keys.

After Vidanage, Christen, Ranbaduge and Schnell (CIKM 2020, node features) and Schaefer,
Armknecht and Heng (ACSAC 2024, embeddings aligned by Wasserstein-Procrustes, after Grave,
Joulin and Berthet, AISTATS 2019), written from their descriptions. Encoding the register under
other keys makes the two graphs differ only by chance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

_NEAREST = 200
_AROUND = (5, 20, 100)
_HOPS, _COLUMNS_PER_HOP = 2, 60
# (eigenvectors, sharpness of the assignment): found on plain CLKs and under SAUL.
_STAGES = ((20, 1.5), (80, 1.5), (160, 2.0), (160, 4.0), (300, 6.0))
_STEPS = 6
_BALANCINGS = 3
_HANDOUTS = 50
# Correctly aligned graphs of one group correlate by 0.9 in plain CLKs, wrongly aligned ones by 0.
_AGREED = 0.5
# The cost of a start is quadratic in the rows, and small groups have misleading profiles.
_STARTS, _ROWS_OF_ALL_STARTS = 4, 5_000
_SUBSPACE_STEPS, _SPARE = 6, 20
_TINY = np.float32(1e-9)


def reidentified(register: Sequence[Matrix], encoded: Matrix, seed: int = 1) -> float:
    """Share of rows (0 to 1) that the attack assigns to the right person.

    `register`: similarities of the people, (rows, rows), one matrix for each key of the attacker,
    rows as in `encoded`. The attack sees `encoded` shuffled; the truth only counts its hits.
    """
    rows = len(encoded)
    shuffled = np.random.default_rng(seed).permutation(rows)
    guess = matched(register, encoded[np.ix_(shuffled, shuffled)])
    return float(np.mean(shuffled[guess] == np.arange(rows)))


def matched(register: Sequence[Matrix], encoded: Matrix) -> NDArray[np.int64]:
    """For each person of the register, the row of `encoded` that the attack assigns, int64."""
    ours, theirs = np.zeros_like(encoded), centred(encoded)
    # Profiles of each key separately: their noise then resembles that of the encodings.
    profiles = []
    for each in register:
        alone = centred(each)
        ours += alone
        profiles.append(_profile(alone))
    ours /= np.float32(len(register))
    wanted = _standard(_profile(theirs))
    our_points, their_points = _points(ours), _points(theirs)
    best, most = np.empty(0, np.int64), -np.inf
    for keys in _starts(len(register), len(encoded)):
        profile = _standard(np.sum([profiles[key] for key in keys], axis=0))
        guess = one_to_one(_aligned(our_points, their_points, profile @ wanted.T))
        agreed = agreement(ours, theirs[np.ix_(guess, guess)])
        if agreed > most:
            best, most = guess, agreed
        if most >= _AGREED:
            break
    return best


def _starts(keys: int, rows: int) -> list[range]:
    """The keys whose profiles begin each start: all keys first, then every second one, and so
    on."""
    most = max(1, min(_STARTS, _ROWS_OF_ALL_STARTS // max(rows, 1)))
    fewer = [range(first, keys, step) for step in range(2, keys + 1) for first in range(step)]
    return [range(keys), *fewer][:most]


def agreement(ours: Matrix, theirs: Matrix) -> float:
    """Correlation of two aligned, centred graphs; their diagonals are 0."""
    lengths = np.linalg.norm(ours) * np.linalg.norm(theirs)
    return float(np.vdot(ours, theirs) / (lengths + _TINY))


def centred(similarity: Matrix) -> Matrix:
    """Remove each row's general level of similarity, and scale every row to one length.

    The diagonal is set to 0 last: a row's similarity to itself identifies nobody, and would
    confirm any first guess.
    """
    others = len(similarity) - 1
    own = similarity.diagonal().copy()
    centred = similarity.copy()
    np.fill_diagonal(centred, 0)
    mean = centred.sum(axis=1) / np.float32(others)
    overall = mean.mean()
    centred += overall - mean[:, np.newaxis]
    centred -= mean
    length = np.sqrt(np.maximum(own + overall - 2 * mean, _TINY))
    centred /= length[:, np.newaxis]
    centred /= length
    np.fill_diagonal(centred, 0)
    return centred


def _profile(centred: Matrix) -> Matrix:
    """A row's similarities to its nearest rows, and the profiles of these."""
    count = min(_NEAREST, len(centred) - 1)
    others = centred.copy()
    np.fill_diagonal(others, -np.inf)
    at = np.argpartition(-others, count - 1, axis=1)[:, :count]
    values = np.take_along_axis(others, at, axis=1)
    order = np.argsort(-values, axis=1)
    at = np.take_along_axis(at, order, axis=1)
    parts = [np.take_along_axis(values, order, axis=1)]
    for _ in range(_HOPS):
        thinned = parts[-1][:, :: max(1, parts[-1].shape[1] // _COLUMNS_PER_HOP)]
        around = [thinned[at[:, :many]].mean(axis=1) for many in _AROUND]
        parts.append(np.concatenate(around, axis=1))
    return np.concatenate(parts, axis=1)


def _standard(columns: Matrix) -> Matrix:
    scaled = (columns - columns.mean(axis=0)) / (columns.std(axis=0) + _TINY)
    result: Matrix = scaled / (np.linalg.norm(scaled, axis=1, keepdims=True) + _TINY)
    return result


def _points(centred: Matrix) -> Matrix:
    """Rows in the space of the leading eigenvectors, by subspace iteration."""
    rows = len(centred)
    width = min(_STAGES[-1][0] + _SPARE, rows)
    basis = np.random.default_rng(1).standard_normal((rows, width), np.float32)
    for _ in range(_SUBSPACE_STEPS):
        basis = np.linalg.qr(centred @ basis)[0]
    values, vectors = np.linalg.eigh(basis.T @ (centred @ basis))
    leading = values.argsort()[::-1][: _STAGES[-1][0]]
    points: Matrix = (basis @ vectors[:, leading]) * np.sqrt(np.maximum(values[leading], 0))
    return points


def _aligned(ours: Matrix, theirs: Matrix, scores: Matrix) -> Matrix:
    """Scores (ours, theirs) after the last stage."""
    for width, sharpness in _STAGES:
        left, right = ours[:, :width], theirs[:, :width]
        for _ in range(_STEPS):
            belief = soft_assignment(scores, sharpness)
            turn, strength, back = np.linalg.svd(left.T @ (belief @ right))
            # Between a pure rotation and the raw covariance: uncertain directions weigh less.
            kept = np.sqrt(strength / (strength[0] + _TINY))
            scores = (left @ (turn * kept)) @ (back @ right.T)
    return scores


def soft_assignment(scores: Matrix, sharpness: float) -> Matrix:
    """A nearly doubly stochastic matrix (Sinkhorn): a larger score gets a larger share."""
    belief = scores * np.float32(sharpness / (scores.std() + _TINY))
    belief -= belief.max(axis=1, keepdims=True)
    np.exp(belief, out=belief)
    for _ in range(_BALANCINGS):
        belief /= belief.sum(axis=0) + _TINY
        belief /= belief.sum(axis=1, keepdims=True) + _TINY
    return belief


def one_to_one(scores: Matrix) -> NDArray[np.int64]:
    """Match mutual best pairs first, then repeat with the remaining rows."""
    guess = np.empty(len(scores), np.int64)
    left = right = np.arange(len(scores))
    for _ in range(_HANDOUTS):
        if not len(left):
            break
        best = scores.argmax(axis=1)
        alone = scores.argmax(axis=0)[best] != np.arange(len(left))
        free = np.ones(len(right), bool)
        free[best[~alone]] = False
        guess[left[~alone]] = right[best[~alone]]
        left, right = left[alone], right[free]
        scores = scores[alone][:, free]
    guess[left] = right  # these cannot be told apart
    return guess
