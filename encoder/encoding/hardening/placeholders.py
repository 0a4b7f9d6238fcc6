"""Dates that offices enter for an unknown date: thousands of people share each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.hardening.columns import HardenedColumn, as_columns

Flags = NDArray[np.bool_]

_DAYS = frozenset([("1", "1"), ("1", "7"), ("31", "12")])
_PROCLAMATION = ("17", "8", "45")
_WOMENS_DAYS = 40
_DATE_DIGITS = slice(6, 12)


def placeholders(columns: Mapping[str, Sequence[str]], salt: Sequence[str]) -> Flags:
    """bool (rows,): whether a date in the salt is a placeholder.

    Dates are the columns DATE.day with DATE.month and DATE.year, and the digits of NIK.front.
    """
    found = np.zeros(len(columns[salt[0]]), np.bool_)
    for name in salt:
        if name.endswith(".day"):
            date = name.removesuffix(".day")
            parts = (columns[f"{date}.{part}"] for part in ("day", "month", "year"))
            found |= np.fromiter(map(is_placeholder, *parts), np.bool_, len(found))
        elif name.endswith(".front"):
            found |= _of_fronts(as_columns(columns, (name,))[0])
    return found


def is_placeholder(day: str, month: str, year: str) -> bool:
    """Whether a normalised date is a placeholder; the year may have two digits."""
    return (day, month) in _DAYS or (day, month, year[-2:]) == _PROCLAMATION


def _of_fronts(fronts: HardenedColumn) -> Flags:
    if not fronts.distinct:
        return np.zeros(len(fronts), np.bool_)
    dates = (front[_DATE_DIGITS] for front in fronts.distinct)
    distinct = np.fromiter(map(_of_digits, dates), np.bool_, len(fronts.distinct))
    found: Flags = distinct[fronts.value_of_row] & ~fronts.missing
    return found


@lru_cache(maxsize=1 << 16)
def _of_digits(digits: str) -> bool:
    """Six digits of a NIK are day, month and year of birth; women's days are 40 higher."""
    day, month, year = (int(digits[at : at + 2]) for at in (0, 2, 4))
    return is_placeholder(str(day % _WOMENS_DAYS), str(month), f"19{year:02d}")
