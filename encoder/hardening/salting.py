"""What rows must agree in before their encodings can look alike: salts, and what splits them.

A salt that many people share, as they share a date of birth, is split by further columns, and by
more of them where the date is one that offices write for an unknown one: else a thousand strangers
would be one group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from encoder.hardening.columns import Column, as_columns

Flags = NDArray[np.bool_]

_PLACEHOLDER_DAYS = frozenset([("1", "1"), ("1", "7"), ("31", "12")])
_PROCLAMATION = ("17", "8", "1945")
_WOMENS_DAYS = 40


@dataclass(frozen=True)
class Salting:
    """The columns of one encoding's salt, of its split, and of its split of placeholder dates."""

    salt: tuple[str, ...]
    split: tuple[str, ...] = ()
    placeholder_split: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        return (*self.salt, *self.split, *self.placeholder_split)

    def cells(self, columns: Mapping[str, Sequence[str]]) -> tuple[list[str], Flags]:
        """Of each row the text that is to be equal, and whether a value of it is missing."""
        always = as_columns(columns, (*self.salt, *self.split))
        lacking = lacks_one(always)
        cells = always[0] if len(always) == 1 else list(map("\0".join, zip(*always, strict=True)))
        if not self.placeholder_split:
            return cells, lacking
        more = as_columns(columns, self.placeholder_split)
        rows = np.flatnonzero(placeholders(columns, self.salt))
        cells = list(cells)
        for row in rows.tolist():
            further = [column[row] for column in more]
            cells[row] = "\0".join((cells[row], *further))
            lacking[row] |= not all(further)
        return cells, lacking


def lacks_one(columns: Sequence[Column]) -> Flags:
    """Whether a cell of the row is missing."""
    missing: Flags = np.logical_or.reduce([column.missing for column in columns])
    return missing


def placeholders(columns: Mapping[str, Sequence[str]], salt: Sequence[str]) -> Flags:
    """Of which rows a date in the salt is one that offices write for an unknown one.

    Dates are the columns DATE.day, DATE.month and DATE.year, and the digits of NIK.front.
    """
    found: Flags | None = None
    for name in salt:
        if name.endswith(".day"):
            here = _of_dates(columns, name.removesuffix(".day"))
        elif name.endswith(".front"):
            here = _of_fronts(as_columns(columns, (name,))[0])
        else:
            continue
        found = here if found is None else found | here
    return np.zeros(len(columns[salt[0]]), np.bool_) if found is None else found


def _of_dates(columns: Mapping[str, Sequence[str]], date: str) -> Flags:
    days, months, years = (columns[f"{date}.{part}"] for part in ("day", "month", "year"))
    return np.fromiter(map(_is_placeholder, days, months, years), np.bool_, len(days))


def _is_placeholder(day: str, month: str, year: str) -> bool:
    return (day, month) in _PLACEHOLDER_DAYS or (day, month, year) == _PROCLAMATION


def _of_fronts(fronts: Column) -> Flags:
    distinct = np.fromiter(map(_is_front, fronts.distinct), np.bool_, len(fronts.distinct))
    if not len(distinct):
        return np.zeros(len(fronts), np.bool_)
    return distinct[fronts.value_of_row] & ~fronts.missing


def _is_front(front: str) -> bool:
    """A NIK's digits 7 to 12 are day, month and year of birth; women's days are 40 higher."""
    day, month, year = (int(front[at : at + 2]) for at in (6, 8, 10))
    return _is_placeholder(str(day % _WOMENS_DAYS), str(month), f"19{year:02d}")
