"""What rows state about NIK, date of birth and sex, as numbers.

Contrary codes compare these, and columns of known dates show them (`known.py`).

1. A NIK whose digits contradict the stated values is somebody else's number, and counts as
   missing. It contradicts if two of day, month and year of birth differ (an exchange of day and
   month counts as one difference); or, if only the year is stated, the year differs; or, without
   a full date, the sex differs; or the name is a newborn's and no date is stated.
2. If no date of birth is stated, the NIK's digits give it. If only the year is stated and
   equals the NIK's, the digits give month and day. If no sex is stated, they give the sex.
3. A newborn without its own name is called BAYI or BY and the mother's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.hardening.columns import HardenedColumn
from encoder.normalise.newborn import are_newborns

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Digits = NDArray[np.uint8]

_NIK_DIGITS = 16
_WOMENS_DAYS = 40
_CENTURY = 100
_MONTHS, _DAYS = 12, 31
_DECEMBER = 12
# NIK: digits 1 to 6, 7 to 13, 14 to 16. Serials are mostly below 100, so digits 13 and 14 are
# rarely exchanged: an exchange of neighbours usually stays in one part.
_PARTS = ((0, 6), (6, 13), (13, 16))


@dataclass(frozen=True)
class Claims:
    """Arrays with one entry per row. Numbers are valid only where the preceding flag is true.

    `born`: at least the year is known, in two digits; `date`: the whole date is.
    """

    nik: Flags
    nik_parts: tuple[Numbers, ...]
    born: Flags
    year: Numbers
    date: Flags
    year_from_december: Numbers
    month: Numbers
    day: Numbers
    stated: Flags
    sex: Flags
    female: Flags
    name: Flags
    newborn: Flags


@dataclass(frozen=True)
class ClaimColumns:
    """The columns for claims; None for a column that the charter does not have."""

    nik: str | None
    date: str | None
    sex: str | None
    name: str | None

    @property
    def needs(self) -> tuple[str, ...]:
        """The names of all of them."""
        dates = () if self.date is None else tuple(f"{self.date}.{part}" for part in _DATE_PARTS)
        others = (each for each in (self.nik, self.sex, self.name) if each is not None)
        return (*dates, *others)


_DATE_PARTS = ("year", "month", "day")


def claims_of(columns: Mapping[str, HardenedColumn], named: ClaimColumns, rows: int) -> Claims:
    """Read the claims of all rows."""

    def numbers(name: str | None, number: Callable[[str], int]) -> Numbers:
        return np.zeros(rows, np.int64) if name is None else _numbers(columns[name], number)

    parts = [None if named.date is None else f"{named.date}.{part}" for part in _DATE_PARTS]
    year, month, day = (numbers(part, int) for part in parts)
    sex = numbers(named.sex, lambda value: 2 if value == "F" else 1)
    names = None if named.name is None else columns[named.name]
    digits = _digits(columns[named.nik]) if named.nik else np.zeros((rows, _NIK_DIGITS), np.uint8)
    none = np.zeros(rows, np.bool_)
    name = none if names is None else ~names.missing
    newborn = none if names is None else are_newborns(names)
    return _claims(digits, (year, month, day), sex, name, newborn)


def _claims(
    digits: Digits,
    stated: tuple[Numbers, Numbers, Numbers],
    sex: Numbers,
    name: Flags,
    newborn: Flags,
) -> Claims:
    year, month, day = stated
    own = _number(digits, 10, 12), _number(digits, 8, 10), _number(digits, 6, 8)
    own_day, own_sex = own[2] % _WOMENS_DAYS, 1 + (own[2] > _WOMENS_DAYS)
    full, some = day > 0, year > 0
    years_differ = year % _CENTURY != own[0]
    differing = years_differ + np.where(
        (month == own_day) & (day == own[1]) & (month != day),
        1,
        (month != own[1]).astype(np.int64) + (day != own_day),
    )
    elsewhere = np.where(full, differing >= 2, some & years_differ)
    elsewhere |= ~full & (sex > 0) & (sex != own_sex)
    elsewhere |= ~some & newborn
    nik = (digits.any(axis=1)) & ~elsewhere
    real = nik & (own[1] >= 1) & (own[1] <= _MONTHS) & (own_day >= 1) & (own_day <= _DAYS)
    lent = real & ~full & (~some | ~years_differ)
    month, day = np.where(lent, own[1], month), np.where(lent, own_day, day)
    year = np.where(lent, own[0], year % _CENTURY)
    sex = np.where((sex == 0) & real, own_sex, sex)
    return Claims(
        nik=nik,
        nik_parts=tuple(_number(digits, *part) for part in _PARTS),
        born=some | lent,
        year=year,
        date=full | lent,
        year_from_december=(year + (month == _DECEMBER)) % _CENTURY,
        month=month,
        day=day,
        stated=full,
        sex=sex > 0,
        female=sex == 2,
        name=name,
        newborn=newborn,
    )


def _numbers(column: HardenedColumn, number: Callable[[str], int]) -> Numbers:
    """A number for each cell; 0 for a missing cell."""
    if not column.distinct:
        return np.zeros(len(column), np.int64)
    found = np.fromiter(map(number, column.distinct), np.int64, len(column.distinct))
    return np.where(column.missing, 0, found[column.value_of_row])


def _digits(niks: Sequence[str]) -> Digits:
    """uint8, shape (rows, 16); zeros for a missing NIK."""
    missing = "0" * _NIK_DIGITS
    whole = "".join([nik or missing for nik in niks])
    return np.frombuffer(whole.encode(), np.uint8).reshape(-1, _NIK_DIGITS) - np.uint8(ord("0"))


def _number(digits: Digits, start: int, stop: int) -> Numbers:
    """The number formed by the digits [start, stop)."""
    tens: Numbers = 10 ** np.arange(stop - start - 1, -1, -1, dtype=np.int64)
    return digits[:, start:stop] @ tens
