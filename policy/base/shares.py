"""The uncertainty of a share of few things: Wilson's score interval (1927, JASA 22:209).

A share p of n things has a property. The interval contains every true share s that n such
things would not contradict at 95 %:

    |p - s| <= z sqrt(s (1 - s) / n)

Solved for s, the interval has a width above 0 for every n, also if p is 0 or 1: if all n things
are right, s is at least n / (n + z^2), about 3.84 / n below 1. The rule of three (3 / n, one
sided) and Jeffreys' interval (about 2.5 / n) are narrower there. We use Wilson's interval since it
is the most careful of the three at the ends, needs no table, and accepts a fractional n and count,
as estimates are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from policy.base.words import Words

MILLION = 1_000_000
PER_PERCENT = 10_000
_MOST_DECIMALS = 4
NOMINAL_PPM = 950_000


@dataclass(frozen=True)
class Interval:
    """In parts per million: the estimate, and the ends of its interval."""

    estimate: int
    low: int
    high: int


def wilson(share: float, count: float, confidence: float = NOMINAL_PPM / MILLION) -> Interval:
    """The interval around a share (0 to 1) of `count` things; 0 to 100 % if `count` is 0."""
    share, count = min(1.0, max(0.0, share)), max(0.0, count)
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    middle = (count * share + z2 / 2) / (count + z2)
    half = math.sqrt(z2) * math.sqrt(count * share * (1 - share) + z2 / 4) / (count + z2)
    return outward(share, middle - half, middle + half)


def stratified(parts: Sequence[tuple[float, Interval]]) -> Interval:
    """The share of a whole from those of its strata, each with its weight (a number of things).

    Deviations of independent strata add up in squares around the weighted estimate (MOVER: Zou and
    Donner 2008, Statistics in Medicine 27:1693), so the ends are as careful as those of the
    strata. Without weights the share is unknown: 0 to 100 %.
    """
    total = sum(weight for weight, _ in parts)
    if not total:
        return Interval(0, 0, MILLION)
    estimate = sum(weight * each.estimate for weight, each in parts) / total
    below = math.hypot(*(weight * (each.estimate - each.low) / total for weight, each in parts))
    above = math.hypot(*(weight * (each.high - each.estimate) / total for weight, each in parts))
    return outward(*(ppm / MILLION for ppm in (estimate, estimate - below, estimate + above)))


def outward(share: float, low: float, high: float) -> Interval:
    """Round outwards to whole parts per million, with a width above 0."""
    estimate = round(MILLION * min(1.0, max(0.0, share)))
    return _around(estimate, math.floor(MILLION * low), math.ceil(MILLION * high))


def widened(interval: Interval, floor: Interval) -> Interval:
    """The union of the interval and `floor`; the estimate stays."""
    low, high = min(interval.low, floor.low), max(interval.high, floor.high)
    return _around(interval.estimate, low, high)


def _around(estimate: int, low: int, high: int) -> Interval:
    least, most = max(0, min(low, estimate)), min(MILLION, max(high, estimate))
    if least == most:
        least, most = max(0, least - 1), min(MILLION, most + 1)
    return Interval(estimate, least, most)


def said(interval: Interval) -> Words:
    """The estimate in percent and its interval, never shown with width 0.

    It has as many decimals as its width needs, and its ends are rounded outwards.
    """
    step, decimals = PER_PERCENT // 10, 1
    while decimals < _MOST_DECIMALS and interval.high - interval.low < 2 * step:
        step, decimals = step // 10, decimals + 1
    step = max(step, 1)
    low = percent(interval.low // step * step, decimals)
    high = percent(-(-interval.high // step) * step, decimals)
    middle = percent(interval.estimate, decimals)
    return Words(f"{middle.id} % ({low.id}–{high.id})", f"{middle.en}% ({low.en}–{high.en})")


def percent(ppm: int, decimals: int = 1) -> Words:
    """A share in percent, with each language's decimal mark."""
    english = f"{ppm / PER_PERCENT:.{decimals}f}"
    return Words(english.replace(".", ","), english)
