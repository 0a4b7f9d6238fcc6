"""K01, K02: the classes of the NIK, and the family card's number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from encoder.normalise.regencies import REGENCIES
from encoder.normalise.text import text

_DECIMALS = re.compile(r"\.0+$")
_LAST_EXACT = 2**53
_DIGITS = 16
_LAST_DIGIT = 9
# A damaged NIK can still be similar to another one if it has this many digits.
_DAMAGED = range(12, 18)
_COUNTED_UP = frozenset(["1234567890123456", "0123456789012345"])
# DDMM of every day in a leap year, since the century is unknown; women's days are 40 later.
_DAYS_OF_BIRTH = frozenset(
    f"{day.day + later:02d}{day.month:02d}"
    for day in (date(2000, 1, 1) + timedelta(days) for days in range(366))
    for later in (0, 40)
)
_SEPARATORS = re.compile(r"[\s'`.\-_/]+")
_SCIENTIFIC = re.compile(r"([0-9])[.,]?([0-9]*)E\+?[0-9]+")
# Text that spreadsheets and people put around a number: ="3175...", NIK 3175..., No. KK: ...
_WRAPPED = re.compile(r"=?\s*[\"']*\s*(.*?)\s*[\"';,]*")
_LABEL = re.compile(
    r"(?:(?:NO(?:MOR)?|NMR)\b[\s.]*)?"
    r"(?:(?:NIK|KTP(?:-?EL)?|E-?KTP|NKK|NO ?KK|KK|NOMOR INDUK KEPENDUDUKAN|KARTU KELUARGA)\b)?"
    r"[\s.:#=-]*(?=[0-9])"
)
# A formatted number: in groups of three, with decimals, or both.
_FORMATTED = re.compile(r"([0-9](?:([.,' ])[0-9]{3})(?:\2[0-9]{3}){4}|[0-9]{16})([.,]0+)?")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_FEWEST_OF_A_NUMBER = 8
# One number of sixteen digits among words: 3175... (KTP).
_AMONG_WORDS = re.compile(r"[^0-9]*(?<![A-Z])([0-9]{16})(?![A-Z])[^0-9]*")

Flags = tuple[str, ...]
_NOT_OF_A_CARD = frozenset(["NIK_DATE", "NIK_REGION"])


def nik(value: str) -> tuple[str, Flags]:
    """K01: (16 digits or '', flags). Classifies a NIK; soft doubts keep the number.

    Absent: NIK_EMPTY, NIK_WORDS (text with hardly a digit), NIK_FORMAT, NIK_LETTER, NIK_SCI,
    NIK_FILLER, NIK_TEMP, NIK_SERIAL0 (serials begin at 0001; 0000 is what a spreadsheet leaves).
    Kept but doubtful: NIK_DATE, NIK_REGION (no such kabupaten or kota in any vintage). A NIK
    never changes when the birth date is corrected, so whether it agrees with the stated date or
    sex is for the quality report to count.
    """
    if len(value) == _DIGITS and value.isascii() and value.isdecimal():
        return _judged(value, was_float=False)
    cleaned = text(value)
    if not cleaned:
        return "", ("NIK_EMPTY",)
    if _SCIENTIFIC.search(cleaned):
        return "", ("NIK_SCI",)
    number, was_float = _bare(cleaned)
    if len(number) == _DIGITS and number.isdecimal():
        return _judged(number, was_float=was_float)
    if not number:
        return "", ("NIK_EMPTY",)
    digits = sum(map(str.isdecimal, number))
    if digits < _FEWEST_OF_A_NUMBER:
        return "", ("NIK_WORDS",)
    # An O may be a typed 0, or any digit that a scanner could not read.
    return "", ("NIK_FORMAT" if digits == len(number) else "NIK_LETTER",)


def niks(values: Sequence[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """`nik` for a column: the numbers, and (position, flag) of each doubt."""
    found = list(values)
    flags: list[tuple[int, str]] = []
    for row in _to_be_looked_at(found):
        found[row], said = nik(found[row])
        flags += [(row, flag) for flag in said]
    return found, flags


def nik_digits(value: str) -> str:
    """The digits for q-grams, also of a damaged NIK; '' for a cell without a NIK.

    A cell of 14 to 17 digits keeps them; in scientific notation the remaining digits are kept.
    """
    number, flags = nik(value)
    if number:
        return number
    if "NIK_SERIAL0" in flags:
        # A spreadsheet removed the serial number: region and date of birth are left.
        left = _bare(text(value))[0][:-4]
    elif flags == ("NIK_SCI",):
        kept = _SCIENTIFIC.search(text(value))
        left = "".join(kept.groups()) if kept else _bare(text(value))[0].rstrip("0")
    else:
        left = _bare(text(value))[0] if flags == ("NIK_FORMAT",) else ""
    return left if left.isdecimal() and len(left) in _DAMAGED else ""


def kk(value: str) -> str:
    """K02: the sixteen digits of a family card; '' if damaged, filler or temporary.

    It names a household and changes when people move, marry or part: never identity.
    """
    return nik(value)[0]


def kks(values: Sequence[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """`kk` for a column: the numbers, and (position, flag) of cells without a value."""
    numbers, flags = niks(values)
    # A card's number has the date of its registration, and the region of the office.
    return numbers, [(row, f"KK{flag[3:]}") for row, flag in flags if flag not in _NOT_OF_A_CARD]


def _bare(cleaned: str) -> tuple[str, bool]:
    """The number without text around and between its digits; and whether it had decimals."""
    alone = _AMONG_WORDS.fullmatch(cleaned)
    if alone:
        return alone[1], False
    wrapped = _WRAPPED.fullmatch(cleaned)
    inside = _LABEL.sub("", wrapped[1] if wrapped else cleaned, count=1).strip("\"' ")
    formatted = _FORMATTED.fullmatch(inside)
    if formatted:
        return _NOT_DIGITS.sub("", formatted[1]), formatted[3] is not None
    return _SEPARATORS.sub("", _DECIMALS.sub("", inside)), bool(_DECIMALS.search(inside))


def _judged(number: str, *, was_float: bool) -> tuple[str, Flags]:
    """Classify sixteen digits. A float above 2^53 has lost its last digit."""
    if _is_filler(number):
        return "", ("NIK_FILLER",)
    if number.endswith("000000") or (was_float and int(number) > _LAST_EXACT):
        return "", ("NIK_SCI",)
    if number.startswith("0"):
        return "", ("NIK_TEMP",)
    flags = []
    if number.endswith("0000"):
        flags.append("NIK_SERIAL0")
    if number[6:10] not in _DAYS_OF_BIRTH:
        flags.append("NIK_DATE")
    if number[:4] not in REGENCIES:
        flags.append("NIK_REGION")
    return "" if "NIK_SERIAL0" in flags else number, tuple(flags)


def _is_filler(number: str) -> bool:
    # Repeated groups of two or four digits include 1111..., 1212... and 1234 1234...
    return number[:12] == number[4:] or number[6:] == "0000000000" or number in _COUNTED_UP


def _table(numbers: Sequence[str]) -> NDArray[np.bool_]:
    """A table of all numbers with this many digits: whether each is in `numbers`."""
    found = np.zeros(10 ** len(numbers[0]), bool)
    found[[int(number) for number in numbers]] = True
    return found


_IS_REGENCY, _IS_DAY = _table(sorted(REGENCIES)), _table(sorted(_DAYS_OF_BIRTH))
_TENS = 10 ** np.arange(3, -1, -1, dtype=np.int64)


def _to_be_looked_at(values: list[str]) -> list[int]:
    """Rows in which the checks may find something: few in most columns."""
    rows, digits = _whole(values)
    fine = _IS_REGENCY[digits[:, :4] @ _TENS] & _IS_DAY[digits[:, 6:10] @ _TENS]
    # Every filler and damaged number has such an end, or repeats or counts up throughout.
    fine &= (digits[:, 12:] != 0).any(axis=1)
    fine &= (digits[:, :12] != digits[:, 4:]).any(axis=1)
    doubtful = np.ones(len(values), bool)
    doubtful[rows[fine]] = False
    found: list[int] = np.flatnonzero(doubtful).tolist()
    return found


def _whole(values: list[str]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """The rows of cells with exactly sixteen digits, and these digits, uint8 (rows, 16)."""
    together = "".join([value for value in values if len(value) == _DIGITS])
    if not together.isascii():
        values = [value if value.isascii() else "" for value in values]
        together = "".join([value for value in values if len(value) == _DIGITS])
    rows = np.flatnonzero(np.fromiter(map(len, values), np.int64, len(values)) == _DIGITS)
    digits = np.frombuffer(together.encode(), np.uint8).reshape(-1, _DIGITS) - np.uint8(ord("0"))
    decimal = (digits <= _LAST_DIGIT).all(axis=1)
    return rows[decimal], digits[decimal]
