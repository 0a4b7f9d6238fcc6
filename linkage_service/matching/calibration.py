"""How many accepted pairs are right, and how many were missed? Estimated without labels.

Two samples give the answer. Pairs with equal NIK tokens are matches: they show how many encodings
agree for a person, and for how many persons no encoding agrees. Two rows that each have another
partner by NIK are not a match: candidates among such rows show how often strangers, relatives
and namesakes pass a threshold.

    false pairs   rate among NIK-linked rows, times the pairs of rows without a partner by NIK
    missed pairs  the NIK sample's distribution of the number k of agreeing encodings, tilted
                  by exp(a k + b k^2) until its mean and spread for k >= 1 are those of the
                  pairs found without NIK; the tilted share of k = 0 is what no encoding found

The tilt is a capture-recapture estimate between encodings, with the NIK sample in place of
independence. It allows the other pairs to have more errors and more variation, and assumes the
same tilt for all of them. docs/explanation/calibration.md describes where this fails. The
intervals are widened to the uncertainty of the number of pairs (`calibration_facts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from linkage_service.matching.calibration_facts import (
    DESIGN_EFFECT,
    AtThreshold,
    Calibration,
    ScoreRange,
    SimilarityBand,
    floored,
)
from linkage_service.matching.evidence import PairEvidence
from linkage_service.matching.scores import ranges, step_of
from policy.base.shares import MILLION, NOMINAL_PPM, Interval, outward
from policy.gates.pooling import CellFloor, falling

DRAWS = 1000
SEED = 1  # fixed: the interval is the same on every machine
LEAST_SAMPLE = 100  # NIK pairs; below that nothing is estimated
SHIFTS_PPM = (0, 5_000, 10_000, 20_000, 40_000)
NEWTON_STEPS = 40
_LOWEST_PPM = -100_000  # the lowest score by which pairs of one NIK are counted
# Prior of the tilt, until the data outweigh it: standard deviations of a and b.
TILT_SCALE = np.array([2.0, 0.3])

Reals = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Split:
    """The candidates, split by what the NIK says about their rows."""

    nik: NDArray[np.bool_]
    strangers: NDArray[np.bool_]
    others: NDArray[np.bool_]
    strangers_compared: int
    free_left: int
    free_right: int


@dataclass(frozen=True, eq=False)
class _Draws:
    """Row 0: the estimate; other rows: one draw each. `false` (draws, k), `missed` (draws,)."""

    false: Reals
    missed: Reals


def calibrate(evidence: PairEvidence, smallest: CellFloor | None = None) -> Calibration | None:
    """Precision and recall of the accepted pairs; None if too few NIK tokens agree.

    Pairs are counted by score only with the `smallest` count that may be told.
    """
    split = _split(evidence)
    if np.count_nonzero(split.nik) < LEAST_SAMPLE:
        return None
    accepted = evidence.accepted
    nik_pairs = int(np.count_nonzero(accepted & split.nik))
    others = _by_ways(evidence, accepted & split.others)
    strangers = _by_ways(evidence, split.strangers)
    draws = _draw(
        np.random.default_rng(SEED), _by_ways(evidence, split.nik), others, strangers, split
    )
    curve = tuple(
        _at_threshold(evidence, split, draws, nik_pairs, others, shift) for shift in SHIFTS_PPM
    )
    model = Calibration(
        nik_pairs=nik_pairs,
        other_pairs=int(others.sum()),
        contested=int(np.count_nonzero(accepted & ~split.nik & ~split.others)),
        strangers_compared=split.strangers_compared,
        strangers_found=int(strangers.sum()),
        nominal_ppm=NOMINAL_PPM,
        precision_ppm=curve[0].precision_ppm,
        recall_ppm=curve[0].recall_ppm,
        bands=tuple(
            SimilarityBand(
                ways, int(others[ways]), _interval(1 - draws.false[:, ways] / others[ways])
            )
            for ways in range(1, others.shape[0])
            if others[ways]
        ),
        curve=curve,
        free_rows=min(split.free_left, split.free_right),
    )
    if smallest is not None:
        model = replace(
            model,
            scores=tuple(_scores(evidence, split, draws, curve, smallest)),
            nik_scores=tuple(_nik_scores(evidence, split, smallest)),
        )
    return floored(model)


def _scores(
    evidence: PairEvidence,
    split: _Split,
    draws: _Draws,
    curve: Sequence[AtThreshold],
    smallest: CellFloor,
) -> Iterator[ScoreRange]:
    """Accepted pairs without NIK by score: strangers say how many of them are wrong."""
    scores = evidence.margin_ppm[evidence.accepted & split.others]
    strangers, many = evidence.margin_ppm[split.strangers], np.count_nonzero(split.strangers)
    told = falling([at.pairs for at in curve], smallest)
    edges = [at.shift_ppm for at, tells in zip(curve, told, strict=True) if tells]
    found = list(ranges(scores, step_of(evidence.margin_ppm), smallest, edges=edges))
    for low, high, pairs in found:
        # As for a threshold: half a stranger more, above all others.
        last = 0.5 if high == found[-1][1] else 0.0
        passing = (np.count_nonzero((strangers >= low) & (strangers < high)) + last) / (many + 0.5)
        false = np.minimum(draws.false.sum(axis=1) * passing, pairs)
        yield ScoreRange(low, high, pairs, _interval(1 - false / max(1, pairs)))


def _nik_scores(evidence: PairEvidence, split: _Split, smallest: CellFloor) -> Iterator[ScoreRange]:
    """All accepted pairs of one NIK; those far below the threshold are in the lowest range."""
    scores, step = evidence.margin_ppm[evidence.accepted & split.nik], step_of(evidence.margin_ppm)
    for low, high, pairs in ranges(
        np.maximum(scores, _LOWEST_PPM), step, smallest, low=_LOWEST_PPM
    ):
        yield ScoreRange(low, high, pairs)


def _split(evidence: PairEvidence) -> _Split:
    linked_left = np.zeros(evidence.left_rows, np.bool_)
    linked_right = np.zeros(evidence.right_rows, np.bool_)
    linked_left[evidence.left[evidence.token]] = True
    linked_right[evidence.right[evidence.token]] = True
    known_left, known_right = linked_left[evidence.left], linked_right[evidence.right]
    many = int(np.count_nonzero(linked_left)) * int(np.count_nonzero(linked_right))
    return _Split(
        nik=evidence.token,
        strangers=~evidence.token & known_left & known_right,
        others=~evidence.token & ~known_left & ~known_right & (evidence.ways > 0),
        strangers_compared=many - int(np.count_nonzero(evidence.token)),
        free_left=int(np.count_nonzero(~linked_left)),
        free_right=int(np.count_nonzero(~linked_right)),
    )


def _by_ways(evidence: PairEvidence, chosen: NDArray[np.bool_]) -> Counts:
    counts: Counts = np.bincount(evidence.ways[chosen], minlength=evidence.encodings + 1)
    return counts


def _draw(
    random: np.random.Generator, nik: Counts, others: Counts, strangers: Counts, split: _Split
) -> _Draws:
    """The estimate, and estimates from resampled pairs."""
    found = int(others.sum())
    # Jeffreys' prior for a Poisson rate: seeing no false pair does not exclude one.
    rate = np.append(strangers.sum() + 0.5, random.gamma(strangers.sum() + 0.5, size=DRAWS)) / max(
        1, split.strangers_compared
    )
    false = _false_pairs(rate, found, split.free_left, split.free_right)
    false[1:] = random.poisson(false[1:])
    shares = (strangers + 0.5 * (others > 0)) / (strangers + 0.5 * (others > 0)).sum().clip(1)
    false_by_ways = np.minimum(false[:, None] * shares, others)
    matches = np.concatenate([[nik], _resampled(random, nik)])
    seen = np.concatenate([[others], _resampled(random, others)])
    right = np.maximum(seen - false_by_ways, 0.0)
    unseen = _unseen_share(matches.astype(np.float64), right)
    true = np.maximum(found - false_by_ways.sum(axis=1), 0.0)
    missed = true * unseen / (1 - unseen)
    missed[1:] = random.poisson(missed[1:])
    return _Draws(false_by_ways, missed)


def _resampled(random: np.random.Generator, counts: Counts) -> Reals:
    """Resampled counts, one row per draw; rarer pairs give less evidence."""
    draws: Reals = DESIGN_EFFECT * random.poisson(
        counts / DESIGN_EFFECT, (DRAWS, counts.shape[0])
    ).astype(np.float64)
    return draws


def _false_pairs(rate: Reals, accepted: int, left: int, right: int) -> Reals:
    """Strangers match where both rows are free: F = rate (left - right pairs) (right - right
    pairs)."""
    false = np.zeros_like(rate)
    for _ in range(50):
        true = accepted - false
        false = np.minimum(
            rate * np.maximum(left - true, 0) * np.maximum(right - true, 0), accepted
        )
    return false


def _unseen_share(matches: Reals, right: Reals) -> Reals:
    """The share of k = 0 after the tilt, by Newton's method; rows are draws, columns k."""
    ways = np.arange(matches.shape[1], dtype=np.float64)
    powers = np.stack([ways, ways**2], axis=1)
    total = np.maximum(right[:, 1:].sum(axis=1), 1.0)
    wanted = right[:, 1:] @ powers[1:] / total[:, None]
    prior = np.eye(2) / TILT_SCALE**2 / total[:, None, None]
    base = np.log(matches + 1e-9)
    tilt = np.zeros((matches.shape[0], 2))
    for _ in range(NEWTON_STEPS):
        weights = _normalised((base + tilt @ powers.T)[:, 1:])
        mean = weights @ powers[1:]
        spread = np.einsum("dk,ki,kj->dij", weights, powers[1:], powers[1:])
        spread += prior - mean[:, :, None] * mean[:, None, :] + 1e-9 * np.eye(2)
        slope = wanted - mean - np.einsum("dij,dj->di", prior, tilt)
        step = np.linalg.solve(spread, slope[:, :, None])[:, :, 0]
        tilt += step / np.maximum(1.0, np.abs(step).max(axis=1, keepdims=True) / 0.5)
    return np.minimum(_normalised(base + tilt @ powers.T)[:, 0], 0.99)


def _normalised(logarithms: Reals) -> Reals:
    weights = np.exp(logarithms - logarithms.max(axis=1, keepdims=True))
    shares: Reals = weights / weights.sum(axis=1, keepdims=True)
    return shares


def _at_threshold(
    evidence: PairEvidence,
    split: _Split,
    draws: _Draws,
    nik_pairs: int,
    others: Counts,
    shift_ppm: int,
) -> AtThreshold:
    """Drop pairs below the raised thresholds; the freed rows are not matched again."""
    above = evidence.margin_ppm >= shift_ppm
    kept = int(np.count_nonzero(evidence.accepted & split.others & above))
    strangers = np.count_nonzero(split.strangers)
    passing = (np.count_nonzero(split.strangers & above) + 0.5) / (strangers + 0.5)
    false = np.minimum(draws.false.sum(axis=1) * passing, kept)
    everyone = nik_pairs + others.sum() - draws.false.sum(axis=1) + draws.missed
    return AtThreshold(
        shift_ppm=shift_ppm,
        pairs=kept,
        precision_ppm=_interval(1 - false / max(1, kept)),
        recall_ppm=_interval((nik_pairs + kept - false) / np.maximum(1, everyone)),
    )


def _interval(draws: Reals) -> Interval:
    """The interval of draws around the estimate, which is the first number."""
    tail = (1 - NOMINAL_PPM / MILLION) / 2
    low, high = np.quantile(draws[1:], [tail, 1 - tail])
    return outward(float(draws[0]), float(low), float(high))
