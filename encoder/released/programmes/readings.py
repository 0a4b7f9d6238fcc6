"""One cell read for a rule: a text, a number, yes or no, an age; or unknown, and why.

A cell is never taken for a no because it is empty or cannot be read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from encoder.normalise.dates import BirthDate, Order, birth_date
from encoder.normalise.text import FORMULA_ERRORS, clean
from encoder.released.programmes.rules import DataColumn

# Zero and "tidak ada" are answers here, unlike in a column of names or numbers of persons.
_NOTHING = FORMULA_ERRORS | {
    *("", "-", "--", "---", ".", "..", "...", "?", "N/A", "NA", "N.A.", "NAN", "NULL", "NONE"),
    *("TIDAK TAHU", "TDK TH", "TIDAK DIKETAHUI", "TDK DIKETAHUI", "KOSONG", "XXX"),
}
_YES = frozenset(["YA", "Y", "IYA", "YES", "TRUE", "BENAR", "1"])
_NO = frozenset(["TIDAK", "TDK", "NO", "N", "FALSE", "BUKAN", "0"])
_WHOLE = re.compile(r"-?\d+[.,]0")
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,2})?")
# 1.500.000: at least two groups, since 1.500 may be one and a half.
_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3}){2,4}|-?\d{1,3}(?:,\d{3}){2,4}")
# A recorded age may be wrong by this many years (D05).
_AGE_ROUNDING = 2


class Doubt(StrEnum):
    """Why a reading is unknown."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    NOT_EXACT = "not-exact"
    TO_CHECK = "to-check"


@dataclass(frozen=True, slots=True)
class Span:
    """A number between two bounds; both are equal if it is exact."""

    low: Decimal | int
    high: Decimal | int


def read_text(column: DataColumn, cell: str) -> str | Doubt:
    """The cell as comparable text."""
    said = comparable(cell)
    if said in _NOTHING or said in map(comparable, column.unknown):
        return Doubt.EMPTY
    if column.values and said not in map(comparable, column.values):
        return Doubt.UNREADABLE
    return said


def comparable(cell: str) -> str:
    """Upper-case text; `4.0` is `4`, as spreadsheets write codes."""
    said = clean(cell)
    return said[:-2] if _WHOLE.fullmatch(said) else said


def read_number(column: DataColumn, cell: str) -> Span | Doubt:
    said = read_text(column, cell)
    if isinstance(said, Doubt):
        return said
    if _GROUPED.fullmatch(said):
        return _exact(said.replace(".", "").replace(",", ""))
    if _PLAIN_NUMBER.fullmatch(said):
        return _exact(said.replace(",", "."))
    return Doubt.UNREADABLE


def _exact(written: str) -> Span:
    number = Decimal(written)
    return Span(number, number)


def read_yes(column: DataColumn, cell: str) -> bool | Doubt:
    """Yes or no, by the column's own codes where it has some."""
    said = read_text(column, cell)
    if isinstance(said, Doubt):
        return said
    own = column.means_yes or column.means_no
    if said in (map(comparable, column.means_yes) if own else _YES):
        return True
    if said in (map(comparable, column.means_no) if own else _NO):
        return False
    return Doubt.UNREADABLE


def read_age(column: DataColumn, cell: str, day: date, order: Order = "day-first") -> Span | Doubt:
    """Complete years of age on a day; a span where the date of birth is not exact."""
    if read_text(column, cell) is Doubt.EMPTY:
        return Doubt.EMPTY
    born = birth_date(cell, order)
    bounds = _born_between(born)
    if bounds is None or bounds[0] > day:
        return Doubt.UNREADABLE
    earliest, latest = bounds
    return Span(_years(min(latest, day), day), _years(earliest, day))


def _born_between(born: BirthDate) -> tuple[date, date] | None:
    """The first and the last day on which the person may have been born."""
    if born.flag == "DATE_AGE":
        if not born.about:
            return None
        year = int(born.about)
        return date(year - _AGE_ROUNDING, 1, 1), date(year + _AGE_ROUNDING, 12, 31)
    if not born.year:
        return None
    year = int(born.year)
    if not born.month:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(born.month)
    if not born.day:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    exact = date(year, month, int(born.day))
    return exact, exact


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
