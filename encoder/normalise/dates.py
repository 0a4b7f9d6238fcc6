"""D01 to D06: birth dates to year, month and day, without the untrustworthy parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from encoder.normalise.text import text

OLDEST_YEARS = 115
# People are born on about thirty thousand days, so most cells are cached.
_CELLS_CACHED = 1 << 16
# Fixed, so that the same cell gives the same encoding in every year of the charter.
LAST_YEAR = 2026

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "JANUARI JAN JANUARY JANUWARI I",
            "FEBRUARI PEBRUARI FEB PEB FEBRUARY FEBUARI PEBUARI FEBRURI FEBR PEBR II",
            "MARET MAR MARCH MRT III",
            "APRIL APR APRL IV",
            "MEI MAY MEY V",
            "JUNI JUN JUNE VI",
            "JULI JUL JULY VII",
            "AGUSTUS AGT AGS AGU AUG AUGUST AGST AGUST AGUSTS AGTS AGUS VIII",
            "SEPTEMBER SEP SEPT SEPTEMPER SPT IX",
            "OKTOBER OKT OCT OCTOBER OKTB X",
            "NOPEMBER NOVEMBER NOP NOV NOVEMBR NOPEMBR XI",
            "DESEMBER DES DEC DECEMBER DESEMBR DESMBER XII",
        ),
        1,
    )
    for name in names.split()
}
# The text in surveys for a day or a month that nobody remembers.
_UNKNOWN = frozenset({0, 98, 99})
_LONGEST = 60
_DASHES = dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-"
)
_PLACEHOLDERS = frozenset({(1, 7), (31, 12), (1, 1)})
PLACE_BEFORE = re.compile(r"^[A-Z][A-Z .'()-]*(?:\s*[,/;:-]\s*|\s)(?=\d)")
_USUAL = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
# D05. An age is useless without the year in which it was recorded.
_AGE = re.compile(r"(?:(?:UMUR|USIA) (\d{1,3})|(\d{1,3}) (?:TH|THN|TAHUN)\.?)(?: PADA (\d{4}))?")
# A time after the date: 00:00, 0.00, 12:00:00 AM, T17:00:00.000Z, 00:00:00+07:00, 00:00 WIB.
TIME_AFTER = re.compile(
    r"(?:\s*T\s*|\s+|,\s*)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:[.,]\d+)?"
    r"\s*(?P<half>[AP]\.?M\.?)?\s*(?P<zone>Z|(?:UTC|GMT)?[+-]\d{2}(?::?\d{2})?|UTC|GMT|WIB|WITA|WIT)?"
    r"(?:\s*\([A-Z ]+\))?$"
)
Order = Literal["day-first", "month-first"]
_UTC = frozenset(["Z", "UTC", "GMT", "+00:00", "+0000", "+00", "-00:00"])
# Midnight in Indonesia told in UTC: of the zones of today, of those before 1964, of the sun's time.
_MIDNIGHTS_IN_UTC = frozenset(["15:00", "15:30", "16:00", "16:30", "16:40", "16:52"])
_EVENING_IN_UTC = 17
# Spreadsheets lose twelve seconds of some days: 23:59:48 is midnight of the day after.
_LAST_MINUTE = (23, 59)
_LOST_SECONDS = 30
# The number of cells that decide an order, and their ratio to contradicting ones.
_FEWEST_WITNESSES = 2
_WITNESSES_AGAINST_ONE = 5
_BEFORE_MIDNIGHT = 1 - 30 / 86_400


class BirthDate(NamedTuple):
    """Year, month and day as decimal text without leading zeros; '' where not known."""

    year: str = ""
    month: str = ""
    day: str = ""
    flag: str = ""
    about: str = ""  # the year, or its estimate from an age


MISSING = BirthDate()


@lru_cache(maxsize=_CELLS_CACHED)
def birth_date(value: str, order: Order = "day-first", last_year: int = LAST_YEAR) -> BirthDate:
    """D01-D06. `flag` names any doubt.

    DATE_UNREADABLE, DATE_RANGE: nothing or only the year is kept. DATE_PLACEHOLDER: a
    day that offices write for an unknown one. DATE_SWAPPED: only the other order of day and
    month makes sense. DATE_TIME: a time of day, which may be that of another zone.
    DATE_NEXT_DAY: the time shows that midnight of the next day is meant.
    DATE_AGE: an age (`UMUR 45 PADA 2022`), which gives only an approximate year.

    `order` is the order of day and month as numbers; a time with AM or PM means month-first.
    Years after `last_year` are out of range; encodings keep the fixed one.
    """
    usual = _USUAL.fullmatch(value)
    if usual:
        # Most dates of most lists need none of the following steps.
        first, second, year = map(int, usual.groups())
        if order == "month-first":
            first, second = second, first
        return _judged(_Parsed(year, second, first, in_numbers=True), last_year)
    cleaned = text(value.translate(_DASHES))
    if not cleaned:
        return MISSING
    age = _AGE.fullmatch(cleaned)
    if age is not None:
        return _of_age(int(age[1] or age[2]), age[3], last_year)
    bare = _without_place(cleaned[:_LONGEST])
    time = TIME_AFTER.search(bare)
    parsed = _parse(bare[: time.start()] if time else bare, last_year)
    if parsed is None or len(cleaned) > _LONGEST:
        return BirthDate(flag="DATE_UNREADABLE")
    if parsed.in_numbers and (order == "month-first" or (time and time["half"])):
        parsed = parsed._replace(day=parsed.month, month=parsed.day)
    if time and _means_next_day(time):
        return _judged(_next_day(parsed), last_year)
    found = _judged(parsed, last_year)
    if time and found.day and not found.flag and not _is_midnight(time):
        return found._replace(flag="DATE_TIME")
    return found


@dataclass(frozen=True)
class OrderEvidence:
    """How many of some cells can be read only day-first, only month-first, or both ways."""

    day_first: int
    month_first: int
    either: int

    @property
    def likely(self) -> Order | None:
        """The order of the column; None if the cells are undecided or contradictory."""
        most, least = max(self.day_first, self.month_first), min(self.day_first, self.month_first)
        if most < _FEWEST_WITNESSES or least * _WITNESSES_AGAINST_ONE > most:
            return None
        return "day-first" if self.day_first > self.month_first else "month-first"


def order_evidence(cells: Iterable[str]) -> OrderEvidence:
    """Evidence for the order of day and month in a column; AM and PM decide it already."""
    counts = Counter(map(_readable_as, cells))
    return OrderEvidence(counts["day-first"], counts["month-first"], counts["either"])


def _readable_as(value: str) -> str:
    bare = _without_place(text(value.translate(_DASHES))[:_LONGEST])
    time = TIME_AFTER.search(bare)
    parsed = _parse(bare[: time.start()] if time else bare, LAST_YEAR)
    if parsed is None or not parsed.in_numbers or (time and time["half"]):
        return ""
    if not (0 < parsed.day <= 31 and 0 < parsed.month <= 31):
        return ""
    if parsed.day > 12:
        return "day-first" if parsed.month <= 12 else ""
    if parsed.month > 12:
        return "month-first"
    return "" if parsed.day == parsed.month else "either"


def _without_place(cleaned: str) -> str:
    """Remove a place of birth in front; MEI 17, 1980 begins with a month."""
    place = PLACE_BEFORE.match(cleaned)
    if place is None:
        return cleaned
    *_, last = place[0].split() or [""]
    month = last.strip(" .,-/:;")
    return f"{month} {cleaned[place.end() :]}" if month in _MONTHS else cleaned[place.end() :]


def _means_next_day(time: re.Match[str]) -> bool:
    """Whether the time is midnight of the next day in Indonesia, or was so before an export."""
    hour, minute = int(time["hour"]), int(time["minute"])
    if time["half"]:
        return False
    if time["zone"] in _UTC:
        return hour >= _EVENING_IN_UTC or f"{hour:02}:{minute:02}" in _MIDNIGHTS_IN_UTC
    return (hour, minute) == _LAST_MINUTE and int(time["second"] or 0) >= _LOST_SECONDS


def _is_midnight(time: re.Match[str]) -> bool:
    """Whether it is midnight, or noon, which some programs write for no time."""
    return int(time["hour"]) in (0, 12) and not int(time["minute"]) + int(time["second"] or 0)


def _next_day(parsed: _Parsed) -> _Parsed:
    try:
        day = date(parsed.year, parsed.month, parsed.day) + timedelta(days=1)
    except (ValueError, OverflowError):
        return parsed
    return _Parsed(day.year, day.month, day.day, in_numbers=False, moved=True)


def _judged(parsed: _Parsed, last_year: int) -> BirthDate:
    """D04, D06: the trustworthy parts of a date."""
    year, month, day = parsed[:3]
    if not last_year - OLDEST_YEARS <= year <= last_year:
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
    except (ValueError, OverflowError):
        return BirthDate(about, flag="DATE_RANGE", about=about)
    flag = "DATE_SWAPPED" if swapped else "DATE_NEXT_DAY" if parsed.moved else ""
    return BirthDate(about, str(month), str(day), flag, about)


class _Parsed(NamedTuple):
    """`in_numbers`: day and month are two numbers before the year. `moved`: a day later."""

    year: int
    month: int
    day: int
    in_numbers: bool
    moved: bool = False


def _of_age(age: int, told: str | None, last_year: int) -> BirthDate:
    """D05: the year is kept separately, since it may be wrong by one or two, or more for the
    old."""
    if told is None:
        return BirthDate(flag="DATE_AGE")
    year = int(told) - age
    if age > OLDEST_YEARS or not last_year - OLDEST_YEARS <= year <= last_year:
        return BirthDate(flag="DATE_RANGE")
    return BirthDate(flag="DATE_AGE", about=str(year))


def _parse(cleaned: str, last_year: int) -> _Parsed | None:
    if re.fullmatch(r"\d{1,5}(\.\d+)?", cleaned):
        return _number(float(cleaned), last_year)
    if re.fullmatch(r"\d{7,8}", cleaned):
        # A spreadsheet removes the first zero of 05081970.
        return _eight(cleaned.zfill(8), last_year)
    if re.fullmatch(r"\d{6}", cleaned):
        year = _full_year(cleaned[4:], last_year)
        return _Parsed(year, int(cleaned[2:4]), int(cleaned[:2]), in_numbers=True)
    parts = [part for part in re.split(r"[\s/.,'|-]+", cleaned) if part]
    if len(parts) != 3:
        return None
    day, month, written = parts
    year_first = re.fullmatch(r"\d{4}", day) is not None  # as in ISO
    if year_first:
        day, written = written, day
    if day in _MONTHS and month.isdecimal():  # MEI 17, 1980
        day, month = month, day
    in_numbers = not year_first and month.isdecimal()
    number = _MONTHS.get(month) or (int(month) if month.isdecimal() else None)
    if number is None or not (day.isdecimal() and written.isdecimal()):
        return None
    return _Parsed(_full_year(written, last_year), number, int(day), in_numbers)


def _number(written: float, last_year: int) -> _Parsed:
    """A plain number: a year, else an Excel serial day (1900 system) and the time of day."""
    number = int(written)
    if 1900 <= number <= last_year:
        return _Parsed(number, 0, 0, in_numbers=False)
    found = date(1899, 12, 30) + timedelta(days=number)
    serial = _Parsed(found.year, found.month, found.day, in_numbers=False)
    return _next_day(serial) if written - number > _BEFORE_MIDNIGHT else serial


def _eight(number: str, last_year: int) -> _Parsed:
    """YYYYMMDD if that gives a plausible year, else DDMMYYYY."""
    year, month, day = int(number[:4]), int(number[4:6]), int(number[6:])
    if 1900 <= year <= last_year and 1 <= month <= 12 and 1 <= day <= 31:
        return _Parsed(year, month, day, in_numbers=False)
    return _Parsed(int(number[4:]), int(number[2:4]), int(number[:2]), in_numbers=True)


def _full_year(year: str, last_year: int) -> int:
    """The year for two digits: in the century that makes the person at most a hundred."""
    number = int(year)
    if len(year) > 2:
        return number
    return 2000 + number if 2000 + number <= last_year else 1900 + number
