"""Compares the canaries in an opened file with those that an honest run would produce."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp
from typing import Literal

CanaryVerdict = Literal["all-as-expected", "missing", "unexpected", "missing-and-unexpected"]

# An honest run joins at most this share of pairs of a canary and a stranger; measured on
# synthetic lists (docs/explanation/protocol.md).
_JOINED_BY_CHANCE = 2e-8
# An honest service is accused by chance in at most this share of files.
_FALSE_ACCUSATIONS = 1e-6


@dataclass(frozen=True)
class Expected:
    """Slots of one dataset in one file.

    `must` are in the file for any population, `likely` unless a stranger takes their partner's
    place. All others are absent, unless they resemble a stranger. `strangers` is the number of rows
    in other datasets, `overlooked` the share of pairs that the charter's search may miss.
    """

    slots: int
    must: frozenset[int]
    likely: frozenset[int] = frozenset()
    strangers: int = 0
    overlooked: float = 0.0


@dataclass(frozen=True)
class CanaryCheck:
    """Canaries missing from an opened file, or wrongly in it, beyond what chance explains."""

    missing: int
    unexpected: int

    @property
    def verdict(self) -> CanaryVerdict:
        if self.missing and self.unexpected:
            return "missing-and-unexpected"
        if self.missing:
            return "missing"
        return "unexpected" if self.unexpected else "all-as-expected"


def check_canaries(
    expected: Expected, canaries: Mapping[bytes, int], released: Iterable[bytes]
) -> CanaryCheck:
    """Compare the handles of an opened file with the expectation for these slots."""
    found = {canaries[handle] for handle in released if handle in canaries}
    never = expected.slots - len(expected.must) - len(expected.likely)
    lost = len(expected.likely - found)
    odd = len(found - expected.must - expected.likely)
    by_strangers = expected.strangers * _JOINED_BY_CHANCE
    may_be_lost = len(expected.likely) * (by_strangers + expected.overlooked)
    return CanaryCheck(
        missing=len(expected.must - found) + _beyond_chance(lost, may_be_lost),
        unexpected=_beyond_chance(odd, never * by_strangers),
    )


def _beyond_chance(count: int, mean: float) -> int:
    """The count, or 0 if chance alone may explain it."""
    return count if count > by_chance(mean) else 0


def by_chance(mean: float) -> int:
    """The least number that a Poisson count with this mean almost never exceeds."""
    term = total = exp(-mean)
    number = 0
    while 1 - total > _FALSE_ACCUSATIONS and number < 10 * mean + 100:
        number += 1
        term *= mean / number
        total += term
    return number
