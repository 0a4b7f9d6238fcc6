"""K01, K02: the ladder of the NIK, and the family card's number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from encoder.normalise.regencies import REGENCIES
from encoder.normalise.text import text

_DECIMALS = re.compile(r"\.0+$")
_LAST_EXACT = 2**53
_DIGITS = 16
# What is left of a NIK may still be alike another one: so many digits are a damaged NIK.
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

Flags = tuple[str, ...]


def nik(value: str) -> tuple[str, Flags]:
    """K01: (16 digits or '', flags). The ladder of the NIK; soft doubts keep the number.

    Absent: NIK_EMPTY, NIK_FORMAT, NIK_SCI, NIK_FILLER, NIK_TEMP, NIK_SERIAL0 (serials begin
    at 0001; 0000 is what a spreadsheet leaves). Kept but doubtful: NIK_DATE, NIK_REGION (no
    such kabupaten or kota in any vintage). A NIK never changes when the birth date is corrected, so
    whether it agrees with the stated date or sex is for the quality report to count.
    """
    if len(value) == _DIGITS and value.isascii() and value.isdecimal():
        return _judged(value, was_float=False)
    cleaned = text(value)
    if not cleaned:
        return "", ("NIK_EMPTY",)
    if _SCIENTIFIC.search(cleaned):
        return "", ("NIK_SCI",)
    number = _bare(cleaned)
    if not number:
        return "", ("NIK_EMPTY",)
    if not re.fullmatch(r"[0-9]{16}", number):
        return "", ("NIK_FORMAT",)
    return _judged(number, was_float=bool(_DECIMALS.search(cleaned)))


def niks(values: Sequence[str]) -> tuple[list[str], Counter[str]]:
    """A column of cells: the numbers as `nik` gives them, and how often each flag occurred."""
    found = list(values)
    flags: Counter[str] = Counter()
    for row in _to_be_looked_at(found):
        found[row], said = nik(found[row])
        flags.update(said)
    return found, flags


def nik_digits(value: str) -> str:
    """What digits there are for q-grams, also of a NIK that is damaged; '' for no NIK at all.

    A cell of 14 to 17 digits keeps them; of one in scientific notation those that were kept.
    """
    number, flags = nik(value)
    if number:
        return number
    if "NIK_SERIAL0" in flags:
        # A spreadsheet took the serial: region and date of birth are left.
        left = _bare(text(value))[:-4]
    elif flags == ("NIK_SCI",):
        kept = _SCIENTIFIC.search(text(value))
        left = "".join(kept.groups()) if kept else _bare(text(value)).rstrip("0")
    else:
        left = _bare(text(value)) if flags == ("NIK_FORMAT",) else ""
    return left if left.isdecimal() and len(left) in _DAMAGED else ""


def kk(value: str) -> str:
    """K02: the sixteen digits of a family card; '' where damaged, filler or temporary.

    It names a household and changes when people move, marry or part: never identity.
    """
    return nik(value)[0]


def kks(values: Sequence[str]) -> list[str]:
    """A column of cells as `kk` gives them."""
    return niks(values)[0]


def _bare(cleaned: str) -> str:
    return _SEPARATORS.sub("", _DECIMALS.sub("", cleaned))


def _judged(number: str, *, was_float: bool) -> tuple[str, Flags]:
    """The ladder for sixteen digits. A float above 2^53 has lost its last digit."""
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
    # Two or four digits again and again are 1111..., 1212... and 1234 1234... alike.
    return number[:12] == number[4:] or number[6:] == "0000000000" or number in _COUNTED_UP


def _table(numbers: Sequence[str]) -> NDArray[np.bool_]:
    """Which numbers of as many digits as these have occur among them."""
    found = np.zeros(10 ** len(numbers[0]), bool)
    found[[int(number) for number in numbers]] = True
    return found


_IS_REGENCY, _IS_DAY = _table(sorted(REGENCIES)), _table(sorted(_DAYS_OF_BIRTH))
_TENS = 10 ** np.arange(3, -1, -1, dtype=np.int64)


def _to_be_looked_at(values: list[str]) -> list[int]:
    """Rows in which the ladder may find something: most columns have few of them."""
    whole = [len(v) == _DIGITS and v.isascii() and v.isdecimal() for v in values]
    rows = np.flatnonzero(whole)
    doubtful = np.ones(len(values), bool)
    if len(rows):
        number = "".join(v for v, is_whole in zip(values, whole, strict=True) if is_whole)
        digits = np.frombuffer(number.encode(), np.uint8).reshape(-1, _DIGITS) - ord("0")
        fine = _IS_REGENCY[digits[:, :4] @ _TENS] & _IS_DAY[digits[:, 6:10] @ _TENS]
        # No filler and nothing damaged ends otherwise, or repeats or counts up all the way.
        fine &= (digits[:, 12:] != 0).any(axis=1)
        fine &= (digits[:, :12] != digits[:, 4:]).any(axis=1)
        doubtful[rows] = ~fine
    return [int(row) for row in np.flatnonzero(doubtful)]
