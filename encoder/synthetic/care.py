"""How carefully records are made: errors come together, and their average stays as documented.

Each record has a factor: its operator's care, times its own luck, doubled for the old and
fourfold for the homeless on a list of the street. A probability that would pass one is cut
off, so the rates are scaled beforehand until their average over all factors is right.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, product
from random import Random

from encoder.synthetic.places import DKI, Places, places
from encoder.synthetic.rates import Profile

_LEVELS, _SHARES = (0.5, 1.0, 2.5), (0.5, 0.3, 0.2)
_OLD_SHARE, _OLD_FACTOR = 0.10, 2.0
_HOMELESS_FACTOR = 4.0
_MEAN = sum(level * share for level, share in zip(_LEVELS, _SHARES, strict=True))
_LUCK = tuple(accumulate(_SHARES))
_OLD_MEAN = 1 + _OLD_SHARE * (_OLD_FACTOR - 1)
_CERTAIN = 0.97
_RW = 12
MUHAMMAD = ("M.", "MUH", "MOH.", "MUHAMAD", "MOCH")


@dataclass(frozen=True)
class Operator:
    """A typing operator: how careful, and how they spell Muhammad."""

    care: float
    muhammad: str


@cache
def operators(source: str, seed: int, region: str = DKI) -> Sequence[Operator]:
    """The operators of a source: one for each RW, careless ones often in one kelurahan."""
    rng = Random(f"{seed}/{source}/operators")  # noqa: S311 - synthetic people, not secrets
    scores = []
    for _ in places(region).kelurahan:
        whole = rng.random()
        scores += [whole + rng.random() for _ in range(_RW)]
    ranks = {at: rank for rank, at in enumerate(sorted(range(len(scores)), key=scores.__getitem__))}
    return [
        Operator(_LEVELS[bisect(_LUCK, ranks[at] / len(scores), 0, 2)], rng.choice(MUHAMMAD))
        for at in range(len(scores))
    ]


def operator_number(where: Places, kelurahan: str, region: str, rw: int) -> int:
    """The index of the operator in `operators` for this RW of this kelurahan."""
    return where.numbers[kelurahan, region] * _RW - 1 + rw


def factor(luck: float, operator: Operator, *, old: bool, homeless: bool) -> float:
    """The factor on an error's documented rate in one record; `luck` is uniform."""
    made = operator.care * _LEVELS[bisect(_LUCK, luck, 0, 2)] / (_MEAN * _MEAN * _OLD_MEAN)
    if old:
        made *= _OLD_FACTOR
    return made * _HOMELESS_FACTOR if homeless else made


@dataclass(frozen=True)
class Either:
    """Mutually exclusive errors: a NIK is missing or wrong, never both."""

    scale: float
    shares: tuple[float, ...]

    def happens(self, chance: float, factor: float) -> int:
        """The index of the error that happens, or -1; `chance` is uniform."""
        limit = min(_CERTAIN, self.scale * factor)
        return -1 if chance >= limit else bisect(self.shares, chance / limit)


def either(*rates: float) -> Either:
    """Scaled so that on average over all factors each has its rate."""
    total = sum(rates)
    if not total:
        return Either(0.0, ())
    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _average(middle) < total else (low, middle)
    return Either(low, tuple(accumulate(rate / total for rate in rates[:-1])))


def _average(scale: float) -> float:
    ages = ((1.0, 1 - _OLD_SHARE), (_OLD_FACTOR, _OLD_SHARE))
    levels = tuple(zip(_LEVELS, _SHARES, strict=True))
    norm = _MEAN * _MEAN * _OLD_MEAN
    return sum(
        min(_CERTAIN, scale * a * b * c / norm) * p * q * r
        for (a, p), (b, q), (c, r) in product(levels, levels, ages)
    )


@dataclass(frozen=True)
class Chances:
    """The rates of a profile, made ready to happen."""

    profile: Profile
    nik: Either
    birth: Either
    sex: Either
    kk: Either


# Residents without a NIK count among the records that miss one; a register has few of them.
UNDOCUMENTED = 0.0256
UNDOCUMENTED_IN_A_REGISTER = 0.1


def undocumented_listed(profile: Profile) -> float:
    """The probability that a resident without a NIK is listed, relative to one with a NIK."""
    return 1.0 if profile.nik_missing > UNDOCUMENTED else UNDOCUMENTED_IN_A_REGISTER


@cache
def chances(profile: Profile) -> Chances:
    without = UNDOCUMENTED * undocumented_listed(profile)
    documented = 1 - without
    return Chances(
        profile,
        nik=either(
            (profile.nik_missing - without) / documented,
            profile.nik_strangers / documented,
            profile.nik_temporary / documented,
            profile.nik_wrong / documented,
        ),
        birth=either(profile.birth_missing, profile.birth_wrong),
        sex=either(profile.sex_missing, profile.sex_wrong),
        kk=either(profile.kk_missing),
    )


def mean_care_error(weights: Sequence[float]) -> float:
    """The standard error of the mean factor, as a share of it, for operators' record counts."""
    variance = sum(level**2 * share for level, share in zip(_LEVELS, _SHARES, strict=True))
    spread = (variance - _MEAN**2) ** 0.5 / _MEAN
    total = sum(weights)
    return float(spread * (sum(weight**2 for weight in weights) ** 0.5) / total) if total else 0.0
