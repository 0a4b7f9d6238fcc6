"""D01 to D06: birth dates to year, month and day; what cannot be trusted is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from encoder.normalise.text import text

OLDEST_YEARS = 115
# People are born on some thirty thousand days, so most cells have been seen before.
_CELLS_CACHED = 1 << 16
# Fixed, so that the same cell gives the same text in every year the charter lives.
LAST_YEAR = 2026

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "JANUARI JAN JANUARY",
            "FEBRUARI PEBRUARI FEB PEB FEBRUARY",
            "MARET MAR MARCH",
            "APRIL APR",
            "MEI MAY",
            "JUNI JUN JUNE",
            "JULI JUL JULY",
            "AGUSTUS AGT AGS AGU AUG AUGUST",
            "SEPTEMBER SEP SEPT",
            "OKTOBER OKT OCT OCTOBER",
            "NOPEMBER NOVEMBER NOP NOV",
            "DESEMBER DES DEC DECEMBER",
        ),
        1,
    )
    for name in names.split()
}
# What surveys write for a day or a month that nobody remembers.
_UNKNOWN = frozenset({0, 98, 99})
_LONGEST = 60
_PLACEHOLDERS = frozenset({(1, 7), (31, 12), (1, 1)})
PLACE_BEFORE = re.compile(r"^[A-Z .'-]+(?:,\s*|\s)(?=\d)")
# D05. Without the year in which it was true an age says nothing.
_AGE = re.compile(r"(?:(?:UMUR|USIA) (\d{1,3})|(\d{1,3}) (?:TH|THN|TAHUN)\.?)(?: PADA (\d{4}))?")
_TIME_AFTER = re.compile(r"[ T]\d{2}:\d{2}(:\d{2})?(\.\d+)?$")


@dataclass(frozen=True)
class BirthDate:
    """Year, month and day as decimal text without leading zeros; '' where not known."""

    year: str = ""
    month: str = ""
    day: str = ""
    flag: str = ""
    about: str = ""  # the year, or what an age says of it


MISSING = BirthDate()


@lru_cache(maxsize=_CELLS_CACHED)
def birth_date(value: str) -> BirthDate:
    """D01-D06. `flag` says what was doubtful.

    DATE_UNREADABLE, DATE_RANGE: nothing or only the year is kept. DATE_PLACEHOLDER: a
    day that offices write for an unknown one. DATE_SWAPPED: only month-first makes sense.
    DATE_AGE: an age (`UMUR 45 PADA 2022`), from which no year follows, but about which one.
    """
    cleaned = text(value)
    if not cleaned:
        return MISSING
    age = _AGE.fullmatch(cleaned)
    if age is not None:
        return _of_age(int(age[1] or age[2]), age[3])
    parsed = _parse(_TIME_AFTER.sub("", PLACE_BEFORE.sub("", cleaned[:_LONGEST])))
    if parsed is None or len(cleaned) > _LONGEST:
        return BirthDate(flag="DATE_UNREADABLE")
    year, month, day = parsed
    if not LAST_YEAR - OLDEST_YEARS <= year <= LAST_YEAR:
        return BirthDate(flag="DATE_RANGE")
    about = str(year)
    if month in _UNKNOWN or (day, month) in _PLACEHOLDERS:
        return BirthDate(about, flag="DATE_PLACEHOLDER", about=about)
    if day in _UNKNOWN and month <= 12:
        return BirthDate(about, str(month), flag="DATE_PLACEHOLDER", about=about)
    swapped = month > 12 >= day  # D02: only then the month may stand first
    if swapped:
        day, month = month, day
    try:
        date(year, month, day)
    except ValueError:
        return BirthDate(about, flag="DATE_RANGE", about=about)
    return BirthDate(about, str(month), str(day), "DATE_SWAPPED" if swapped else "", about)


def _of_age(age: int, told: str | None) -> BirthDate:
    """D05: the year is kept apart, since it may be one or two off, more for the old."""
    if told is None:
        return BirthDate(flag="DATE_AGE")
    year = int(told) - age
    if age > OLDEST_YEARS or not LAST_YEAR - OLDEST_YEARS <= year <= LAST_YEAR:
        return BirthDate(flag="DATE_RANGE")
    return BirthDate(flag="DATE_AGE", about=str(year))


def _parse(cleaned: str) -> tuple[int, int, int] | None:
    if re.fullmatch(r"\d{1,5}(\.\d+)?", cleaned):
        return _number(int(cleaned.split(".")[0]))
    if re.fullmatch(r"\d{7,8}", cleaned):
        # A spreadsheet takes the first zero off 05081970.
        return _eight(cleaned.zfill(8))
    if re.fullmatch(r"\d{6}", cleaned):
        return _full_year(cleaned[4:]), int(cleaned[2:4]), int(cleaned[:2])
    parts = [part for part in re.split(r"[\s/.,'|-]+", cleaned) if part]
    if len(parts) != 3:
        return None
    day, month, year = parts
    if re.fullmatch(r"\d{4}", day):  # ISO puts the year first
        day, year = year, day
    number = _MONTHS.get(month) or (int(month) if month.isdecimal() else None)
    if number is None or not (day.isdecimal() and year.isdecimal()):
        return None
    return _full_year(year), number, int(day)


def _number(number: int) -> tuple[int, int, int]:
    """A bare number: a year, else an Excel serial day (1900 system)."""
    if 1900 <= number <= LAST_YEAR:
        return number, 0, 0
    found = date(1899, 12, 30) + timedelta(days=number)
    return found.year, found.month, found.day


def _eight(number: str) -> tuple[int, int, int]:
    """YYYYMMDD if that is a date of our time, else DDMMYYYY."""
    year, month, day = int(number[:4]), int(number[4:6]), int(number[6:])
    if 1900 <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31:
        return year, month, day
    return int(number[4:]), int(number[2:4]), int(number[:2])


def _full_year(year: str) -> int:
    """Two digits: the century that makes the person no older than a hundred."""
    number = int(year)
    if len(year) > 2:
        return number
    return 2000 + number if 2000 + number <= LAST_YEAR else 1900 + number
