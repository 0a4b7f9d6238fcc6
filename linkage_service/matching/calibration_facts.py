"""The facts of a calibration, and the least uncertainty that it admits.

The model's own interval shrinks to nothing if its evidence is empty: no stranger passed, so no
accepted pair seems wrong. No model without labels can be more certain than people who look at the
pairs. So every interval is at least as wide as the interval of such a clerical review:

    precision   of n pairs, had all been reviewed and the estimated share found right:
                Wilson's interval of that share, with n over the design effect
    recall      the same for persons in both lists, and for those of them without a common NIK. If
                nobody was found without a NIK, the interval of the latter goes down to 0.

Wilson's interval always has a width above 0, also at 0 % and 100 % (`shares`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from policy.base.shares import MILLION, Interval, outward, widened, wilson

# Records of a household are written together and have errors together: pairs are not independent.
# Kish's design effect; 2 is a household of three whose errors are half shared.
DESIGN_EFFECT = 2.0


@dataclass(frozen=True)
class SimilarityBand:
    """Accepted pairs that agree in this many encodings and not in the NIK.

    `right_ppm` is the probability that such a pair is right.
    """

    ways: int
    pairs: int
    right_ppm: Interval


@dataclass(frozen=True)
class AtThreshold:
    """The accepted pairs with every threshold raised by this amount.

    Without pairs the precision is unknown: its interval is 0 to 100 %.
    """

    shift_ppm: int
    pairs: int
    precision_ppm: Interval
    recall_ppm: Interval


@dataclass(frozen=True)
class ScoreRange:
    """Accepted pairs whose best encoding is so far above its threshold: from `low_ppm` to below
    `high_ppm`. `right_ppm` is the probability that such a pair is right; None for pairs with equal
    NIK tokens."""

    low_ppm: int
    high_ppm: int
    pairs: int
    right_ppm: Interval | None = None


@dataclass(frozen=True)
class Calibration:
    """Facts about two datasets. No row and no score of a pair is among them.

    `nik_pairs` are the accepted pairs with equal NIK tokens (taken as right), `other_pairs` those
    found by encodings alone. `contested` are accepted pairs in which one row's NIK token points to
    a third row (a duplicate, or a wrong NIK), or which only an encoding of the NIK found; they
    count in neither estimate. `precision_ppm` is that of `other_pairs`, `recall_ppm` that of all
    persons who are in both datasets. `nominal_ppm` is how often an interval should contain the true
    value. `free_rows` are the rows without a partner by NIK, on the side that has fewer: an upper
    bound for persons in both datasets without such a partner. `scores` are ranges of `other_pairs`,
    `nik_scores` of the pairs with equal NIK tokens, which may be below the threshold; no range is
    smaller than the charter's smallest cell. Runs of earlier builds have no such figures.
    """

    nik_pairs: int
    other_pairs: int
    contested: int
    strangers_compared: int
    strangers_found: int
    nominal_ppm: int
    precision_ppm: Interval
    recall_ppm: Interval
    bands: tuple[SimilarityBand, ...]
    curve: tuple[AtThreshold, ...]
    free_rows: int | None = None
    scores: tuple[ScoreRange, ...] = ()
    nik_scores: tuple[ScoreRange, ...] = ()


def floored(calibration: Calibration) -> Calibration:
    """The calibration with every interval as wide as its pairs require; idempotent."""
    everyone = _everyone(calibration)
    curve = tuple(
        replace(
            at,
            precision_ppm=_of_pairs(at.precision_ppm, at.pairs),
            recall_ppm=_of_people(at, calibration.nik_pairs, everyone),
        )
        for at in calibration.curve
    )
    return replace(
        calibration,
        precision_ppm=curve[0].precision_ppm,
        recall_ppm=curve[0].recall_ppm,
        bands=tuple(
            replace(band, right_ppm=_of_pairs(band.right_ppm, band.pairs))
            for band in calibration.bands
        ),
        curve=curve,
        scores=tuple(_floored_range(each) for each in calibration.scores),
    )


def lowest_shift(calibration: Calibration, precision_ppm: int) -> int | None:
    """The least rise of all thresholds (ppm) for this precision at the interval's lower end."""
    enough = (at for at in calibration.curve if at.precision_ppm.low >= precision_ppm)
    return next((at.shift_ppm for at in enough), None)


def uncertain(calibration: Calibration, precision_ppm: int) -> tuple[SimilarityBand, ...]:
    """Bands whose precision may be lower than this: a charter may send them to review."""
    return tuple(band for band in calibration.bands if band.right_ppm.low < precision_ppm)


def least_pairs(precision_ppm: int) -> int:
    """The least number of pairs that can show this precision, if every one is right."""
    pairs = 1
    while _of_pairs(Interval(MILLION, MILLION, MILLION), pairs).low < precision_ppm:
        pairs += 1
    return pairs


def _floored_range(scores: ScoreRange) -> ScoreRange:
    if scores.right_ppm is None:
        return scores
    return replace(scores, right_ppm=_of_pairs(scores.right_ppm, scores.pairs))


def _of_pairs(model: Interval, pairs: int) -> Interval:
    return widened(model, wilson(model.estimate / MILLION, pairs / DESIGN_EFFECT))


@dataclass(frozen=True)
class _Everyone:
    """The number of persons in both datasets: the estimate, and the ends of its interval."""

    estimate: float
    fewest: float
    most: float


def _everyone(calibration: Calibration) -> _Everyone:
    """NIK pairs are certainly in both; of the other persons some were found, some missed."""
    nik = calibration.nik_pairs
    found = calibration.other_pairs * calibration.precision_ppm.estimate / MILLION
    total = (nik + found) / max(1, calibration.recall_ppm.estimate) * MILLION
    others = max(found, total - nik)
    share = wilson(found / others if others else 0.0, others / DESIGN_EFFECT)
    most = math.inf if calibration.free_rows is None else nik + calibration.free_rows
    largest = nik + found * MILLION / share.low if found and share.low else most
    return _Everyone(total, nik + found * MILLION / share.high, max(total, min(most, largest)))


def _of_people(at: AtThreshold, nik_pairs: int, everyone: _Everyone) -> Interval:
    found = nik_pairs + at.pairs * at.precision_ppm.estimate / MILLION
    model = widened(
        at.recall_ppm, wilson(at.recall_ppm.estimate / MILLION, everyone.estimate / DESIGN_EFFECT)
    )
    estimate, low, high = model.estimate / MILLION, found / max(1.0, everyone.most), 1.0
    if everyone.fewest:
        high = min(1.0, found / everyone.fewest)
    return widened(model, outward(estimate, low, high))
