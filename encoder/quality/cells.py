"""Classifies one cell: returns its class, never the cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from encoder.normalise.codes import sex
from encoder.normalise.dates import PLACE_BEFORE, TIME_AFTER, Order, birth_date
from encoder.normalise.name_words import DEGREES, MUHAMMAD, TITLES
from encoder.normalise.names import name
from encoder.normalise.text import text

_CACHED = 1 << 16
_LONGEST = 200
# Our own list: very common parts of Indonesian names, in normalised spelling.
COMMON = frozenset("MUHAMMAD SITI NUR AHMAD SRI DWI DEWI AGUS EKA TRI RINA BUDI".split())

_NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_MONTH_NAME = re.compile(r"(\d{1,2})[\s/.,-]+([A-Z]{3})[A-Z]*[\s/.,-]+(\d{2,4})")
_SERIAL = re.compile(r"(\d{4,5})(?:\.\d+)?")
_MONTHS = {
    start: number
    for number, starts in enumerate(
        "JAN FEB,PEB MAR APR MEI,MAY JUN JUL AGU,AGT,AGS,AUG SEP OKT,OCT NOP,NOV DES,DEC".split(),
        1,
    )
    for start in starts.split(",")
}
_SEPARATOR = {"-": "DD-MM-YYYY", "/": "DD/MM/YYYY", ".": "DD.MM.YYYY", " ": "DD MM YYYY"}
_UNKNOWN_PART = frozenset({0, 98, 99})
_EPOCHS = {(1, 1, 1900): "1900-01-01", (1, 1, 1970): "1970-01-01"}
_DAYS = {(1, 7): "07-01", (31, 12): "12-31", (1, 1): "01-01"}

_ALIAS = re.compile(r"/|\(|\bALIAS\b|\bALS\b|\bDIPANGGIL\b")
_FATHER = re.compile(r"\b(BIN|BINTI|BINT|BTE|BT)\b")
_ODD = re.compile(r"[^A-Z0-9 .,'’`/()-]")
_LETTERS = re.compile(r"[A-Z]+")
# Most names are plain words without any mark: these are handled together.
_PLAIN = re.compile(r"[A-Z]{2,}(?: [A-Z]{2,})*")
_TELLING = (
    TITLES
    | DEGREES
    | (MUHAMMAD - {"MUHAMMAD"})
    | set("ALIAS ALS DIPANGGIL BIN BINTI BINT BTE BT".split())
)
_SEX_STYLES = (
    (frozenset("LP"), "L / P"),
    (frozenset("12"), "1 / 2"),
    (frozenset("MF"), "M / F"),
    (frozenset({"LK", "PR"}), "Lk / Pr"),
)


# Day, month and year as written in the cell.
Parts = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class NameFacts:
    normal: str
    words: int
    length: int
    marks: tuple[str, ...]
    common: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DateFacts:
    """`nik_digits` are the date's digits in a NIK, for a man and for a woman."""

    pattern: str
    flag: str
    placeholder: str
    year: int
    complete: bool
    day_15: bool
    nik_digits: tuple[str, str]
    normal: str


@lru_cache(maxsize=_CACHED)
def name_facts(cell: str) -> NameFacts:
    cleaned = text(cell[:_LONGEST])
    normal = name(cleaned)
    tokens = normal.split()
    common = tuple(token for token in dict.fromkeys(tokens) if token in COMMON)
    return NameFacts(normal, len(tokens), len(cleaned), _name_marks(cleaned, tokens), common)


def _name_marks(cleaned: str, kept: list[str]) -> tuple[str, ...]:
    tokens = _LETTERS.findall(cleaned)
    if not tokens or (_PLAIN.fullmatch(cleaned) and _TELLING.isdisjoint(tokens)):
        return ()
    found = {
        "title": any(t in TITLES for t in tokens) or (tokens[0] == "H" and len(tokens) > 1),
        "degree": len(tokens) > 1 and _ends_in_degree(cleaned),
        "alias": _ALIAS.search(cleaned) is not None,
        "father": _FATHER.search(cleaned) is not None,
        "initial": len(kept) > 1 and any(len(t) == 1 for t in kept),
        "muhammad": tokens[0] == "M" or any(t in MUHAMMAD and t != "MUHAMMAD" for t in tokens),
        "digit": any(c.isdecimal() for c in cleaned),
        "odd-mark": _ODD.search(cleaned) is not None,
    }
    return tuple(mark for mark, present in found.items() if present)


def _ends_in_degree(cleaned: str) -> bool:
    """Whether the last word, or the text after a comma, is a degree, ignoring dots."""
    words = re.split(r"[ ,]+", cleaned.replace(". ", ".").replace(".", "").strip(" ,"))
    return len(words) > 1 and words[-1] in DEGREES


@lru_cache(maxsize=_CACHED)
def date_facts(cell: str, split_columns: bool, order: Order = "day-first") -> DateFacts:
    found = birth_date(cell, order)
    pattern, parts = _date_pattern(text(cell[:_LONGEST]))
    complete = bool(found.year and found.month and found.day)
    digits = ("", "")
    if complete:
        day, month, year = int(found.day), int(found.month), int(found.year) % 100
        digits = (f"{day:02}{month:02}{year:02}", f"{day + 40:02}{month:02}{year:02}")
    return DateFacts(
        pattern="three-columns" if split_columns and pattern == "DD-MM-YYYY" else pattern,
        flag=found.flag,
        placeholder=_placeholder(parts),
        year=int(found.year) if found.year else 0,
        complete=complete,
        day_15=parts is not None and parts[0] == 15,
        nik_digits=digits,
        normal=f"{found.year}-{found.month}-{found.day}" if found.year else "",
    )


def _date_pattern(cleaned: str) -> tuple[str, Parts | None]:
    """The pattern of a date, and its day, month and year as written."""
    if not cleaned:
        return "", None
    bare = PLACE_BEFORE.sub("", cleaned)
    if bare != cleaned:
        return "place-and-date", _date_pattern(bare)[1]
    bare = TIME_AFTER.sub("", cleaned)
    if found := _ISO.fullmatch(bare):
        parts = int(found[4]), int(found[3]), int(found[1])
        return ("YYYY-MM-DD" if bare == cleaned else "date-and-time"), parts
    if found := _NUMBERS.fullmatch(bare):
        parts = int(found[1]), int(found[3]), int(found[4])
        return (_SEPARATOR[found[2]] if len(found[4]) == 4 else "two-digit-year"), parts
    if found := _MONTH_NAME.fullmatch(bare):
        return "month-name", (int(found[1]), _MONTHS.get(found[2], 0), int(found[3]))
    return _date_number(bare)


def _date_number(bare: str) -> tuple[str, Parts | None]:
    if re.fullmatch(r"\d{8}", bare):
        return "eight-digits", None
    if re.fullmatch(r"(19|20)\d\d", bare):
        return "year-only", (0, 0, int(bare))
    if found := _SERIAL.fullmatch(bare):
        day = date(1899, 12, 30) + timedelta(days=int(found[1]))
        return "excel-serial", (day.day, day.month, day.year)
    return "other", None


def _placeholder(parts: Parts | None) -> str:
    if parts is None:
        return ""
    day, month, year = parts
    if parts in _EPOCHS:
        return _EPOCHS[parts]
    if (day, month) == (0, 0):
        return "year-only"
    if day in _UNKNOWN_PART or month in _UNKNOWN_PART:
        return "unknown-part"
    return _DAYS.get((day, month), "") if year else ""


@lru_cache(maxsize=1024)
def sex_facts(cell: str) -> tuple[str, str]:
    """(M, F or '', the style of the code)."""
    cleaned = text(cell[:_LONGEST])
    found = sex(cell)
    if not cleaned:
        return "", ""
    if not found:
        return "", "unreadable"
    code = re.sub(r"[^A-Z0-9]", "", re.sub(r"\.0+$", "", cleaned))
    return found, next((style for codes, style in _SEX_STYLES if code in codes), "words")
