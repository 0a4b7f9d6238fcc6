"""D07 and K01: sex codes and the NIK."""

from __future__ import annotations

import re
from datetime import date

from encoder.normalise.text import clean, text

_MALE = frozenset(["L", "LK", "LAKI", "LAKILAKI", "PRIA", "M", "1", "MALE", "LAKI2"])
_FEMALE = frozenset(["P", "PR", "PEREMPUAN", "WANITA", "F", "W", "2", "FEMALE"])
_SEPARATORS = re.compile(r"[\s'`.\-_/]+")


def sex(value: str) -> str:
    """D07: M, F or missing. P is Perempuan, never Pria."""
    code = re.sub(r"[^A-Z0-9]", "", text(value))
    if code in _MALE:
        return "M"
    return "F" if code in _FEMALE else ""


def nik(value: str) -> tuple[str, str]:
    """K01: (16 digits or '', flag). The ladder of the NIK; soft doubts keep the number.

    Absent: NIK_EMPTY, NIK_FORMAT, NIK_SCI, NIK_FILLER, NIK_TEMP. Kept but doubtful:
    NIK_DATE, NIK_SERIAL0. A NIK never changes when the birth date is corrected, so
    it is not compared with the stated date here.
    """
    cleaned = clean(value)
    if not text(value):
        return "", "NIK_EMPTY"
    if re.search(r"\d[.,]?\d*E\+?\d+", cleaned):
        return "", "NIK_SCI"
    number = _SEPARATORS.sub("", cleaned)
    if not number:
        return "", "NIK_EMPTY"
    if not re.fullmatch(r"[0-9]{16}", number):
        return "", "NIK_FORMAT"
    if _is_filler(number):
        return "", "NIK_FILLER"
    if number.endswith("000000"):
        return "", "NIK_SCI"
    if number.startswith("0"):
        return "", "NIK_TEMP"
    if not _has_date(number):
        return number, "NIK_DATE"
    return number, "NIK_SERIAL0" if number.endswith("0000") else ""


def _is_filler(number: str) -> bool:
    return (
        len(set(number)) == 1
        or number in ("1234567890123456", "0123456789012345")
        or number == number[:2] * 8
        or number == number[:4] * 4
        or number[6:] == "0" * 10
    )


def _has_date(number: str) -> bool:
    day, month = int(number[6:8]), int(number[8:10])
    day = day - 40 if day > 40 else day
    try:
        # The century is unknown; a leap year lets 29 February pass.
        date(2000, month, day)
    except ValueError:
        return False
    return True
