"""D07 and K01: sex codes and the NIK."""

from __future__ import annotations

import re
from datetime import date, timedelta

from encoder.normalise.text import text

_MALE = frozenset(["L", "LK", "LAKI", "LAKILAKI", "PRIA", "M", "1", "MALE", "LAKI2"])
_FEMALE = frozenset(["P", "PR", "PEREMPUAN", "WANITA", "F", "W", "2", "FEMALE"])
_DECIMALS = re.compile(r"\.0+$")
_LAST_EXACT = 2**53
_PROVINCES = frozenset(
    "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65".split()
    + "71 72 73 74 75 76 81 82 91 92 93 94 95 96".split()
)
_DIGITS = 16
_COUNTED_UP = frozenset(["1234567890123456", "0123456789012345"])
# DDMM of every day in a leap year, since the century is unknown; women's days are 40 later.
_DAYS_OF_BIRTH = frozenset(
    f"{day.day + later:02d}{day.month:02d}"
    for day in (date(2000, 1, 1) + timedelta(days) for days in range(366))
    for later in (0, 40)
)
_SEPARATORS = re.compile(r"[\s'`.\-_/]+")


def sex(value: str) -> str:
    """D07: M, F or missing. P is Perempuan, never Pria."""
    code = re.sub(r"[^A-Z0-9]", "", _DECIMALS.sub("", text(value)))
    if code in _MALE:
        return "M"
    return "F" if code in _FEMALE else ""


def nik(value: str) -> tuple[str, str]:
    """K01: (16 digits or '', flag). The ladder of the NIK; soft doubts keep the number.

    Absent: NIK_EMPTY, NIK_FORMAT, NIK_SCI, NIK_FILLER, NIK_TEMP, NIK_SERIAL0 (serials begin
    at 0001; 0000 is what a spreadsheet leaves). Kept but doubtful: NIK_DATE, NIK_REGION (no
    such province in any vintage). A NIK never
    changes when the birth date is corrected, so it is not compared with the stated date.
    """
    if len(value) == _DIGITS and value.isascii() and value.isdecimal():
        return _judged(value, was_float=False)
    cleaned = text(value)
    if not cleaned:
        return "", "NIK_EMPTY"
    if re.search(r"[0-9][.,]?[0-9]*E\+?[0-9]+", cleaned):
        return "", "NIK_SCI"
    number = _SEPARATORS.sub("", _DECIMALS.sub("", cleaned))
    if not number:
        return "", "NIK_EMPTY"
    if not re.fullmatch(r"[0-9]{16}", number):
        return "", "NIK_FORMAT"
    return _judged(number, was_float=bool(_DECIMALS.search(cleaned)))


def kk(value: str) -> str:
    """K02: the sixteen digits of a family card; '' where damaged, filler or temporary.

    It names a household and changes when people move, marry or part: never identity.
    """
    return nik(value)[0]


_RTRW = re.compile(r"(\d{1,3})\D+(\d{1,3})")


def rtrw(value: str) -> str:
    """A04: 'RT 01 RW 02', '001/002' and 'RT/RW: 1/2' are '1/2'; '' unless both are known."""
    found = _RTRW.search(text(value))
    if found is None:
        return ""
    rt, rw = int(found[1]), int(found[2])
    return f"{rt}/{rw}" if rt and rw else ""


_KIND_OF_PLACE = re.compile(r"^(KELURAHAN|KEL|DESA|DS)\b\.? ?(?=[A-Z]{3})")


def place(value: str) -> str:
    """A07: the letters of a kelurahan's name, so that KRAMAT JATI is Kramatjati."""
    return re.sub(r"[^A-Z0-9]", "", _KIND_OF_PLACE.sub("", text(value)))


def _judged(number: str, *, was_float: bool) -> tuple[str, str]:
    """The ladder for sixteen digits. A float above 2^53 has lost its last digit."""
    if _is_filler(number):
        return "", "NIK_FILLER"
    if number.endswith("000000") or (was_float and int(number) > _LAST_EXACT):
        return "", "NIK_SCI"
    if number.startswith("0"):
        return "", "NIK_TEMP"
    if number.endswith("0000"):
        return "", "NIK_SERIAL0"
    if not _has_date(number):
        return number, "NIK_DATE"
    if number[:2] not in _PROVINCES:
        return number, "NIK_REGION"
    return number, ""


def _is_filler(number: str) -> bool:
    # Two or four digits again and again are 1111..., 1212... and 1234 1234... alike.
    return number[:12] == number[4:] or number[6:] == "0000000000" or number in _COUNTED_UP


def _has_date(number: str) -> bool:
    return number[6:10] in _DAYS_OF_BIRTH
