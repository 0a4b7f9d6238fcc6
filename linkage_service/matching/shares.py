"""How sure a share of few things is: Wilson's score interval (1927, JASA 22:209).

Of n things a share p has a property. The interval holds every true share that n such things
would not contradict at 95 %:

    |p - s| <= z sqrt(s (1 - s) / n)

Solved for s, it has a width above 0 for every n, also where p is 0 or 1: of n things that all
are right, s is at least n / (n + z^2), some 3.84 / n below 1. The rule of three (3 / n, one
sided) and Jeffreys' interval (some 2.5 / n) are narrower there. Wilson's is chosen since it is
the most careful of the three at the ends, needs no table, and takes an n and a count that are
not whole, as an estimate's are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

MILLION = 1_000_000
NOMINAL_PPM = 950_000


@dataclass(frozen=True)
class Interval:
    """Parts per million: the estimate, and the ends of the interval around it."""

    estimate: int
    low: int
    high: int


def wilson(share: float, count: float, confidence: float = NOMINAL_PPM / MILLION) -> Interval:
    """The interval around a share of `count` things; of none it is everything."""
    share, count = min(1.0, max(0.0, share)), max(0.0, count)
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    middle = (count * share + z2 / 2) / (count + z2)
    half = math.sqrt(z2) * math.sqrt(count * share * (1 - share) + z2 / 4) / (count + z2)
    return outward(share, middle - half, middle + half)


def outward(share: float, low: float, high: float) -> Interval:
    """In whole parts per million, never narrower than given and never of no width."""
    estimate = round(MILLION * min(1.0, max(0.0, share)))
    return _around(estimate, math.floor(MILLION * low), math.ceil(MILLION * high))


def widened(interval: Interval, floor: Interval) -> Interval:
    """The interval with all that the floor holds; the estimate stays."""
    low, high = min(interval.low, floor.low), max(interval.high, floor.high)
    return _around(interval.estimate, low, high)


def _around(estimate: int, low: int, high: int) -> Interval:
    least, most = max(0, min(low, estimate)), min(MILLION, max(high, estimate))
    if least == most:
        least, most = max(0, least - 1), min(MILLION, most + 1)
    return Interval(estimate, least, most)
