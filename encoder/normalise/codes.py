"""D07 and A04: sex codes, RT and RW."""

from __future__ import annotations

import re

from encoder.normalise.text import text

_MALE = frozenset(
    "L LK LAK LAKI LAKILAKI LAKI2 LELAKI LELAKILELAKI LLK PRIA COWOK M MALE MAN 1 01 001".split()
)
_FEMALE = frozenset(
    "P PR PRP PEREMPUAN PEREMPUN PERMPUAN WANITA CEWEK F W WN FEMALE WOMAN 2 02 002".split()
)
_WORD = re.compile(r"\bLAKI\b|\bLELAKI\b|\bPEREMPUAN\b")
_DECIMALS = re.compile(r"[.,]0+$")
_RT = re.compile(r"(?<![A-Z])R\.?\s?T(?![A-Z])\W*(\d{1,3})(?!\d)")
_RW = re.compile(r"(?<![A-Z])R\.?\s?W(?![A-Z])\W*(\d{1,3})(?!\d)")
_PAIR = re.compile(r"(?<!\d)(\d{1,3})\s*[/\\|,;.\s-]\s*(\d{1,3})(?!\d)")
_SLASHED = re.compile(r"(?<!\d)(\d{1,3})\s*/\s*(\d{1,3})(?!\d)")
_LETTERED = re.compile(r"(?<![A-Z])R\.?\s?(T|W)(?![A-Z])")
_NUMBERS = re.compile(r"\d+")
_MONTH = re.compile(
    r"\b(?:JAN|FEB|PEB|MAR|APR|MEI|MAY|JUN|JUL|AGU|AGS|AGT|AUG|SEP|OKT|OCT|NOP|NOV|DES|DEC)"
)
_LONGEST_NUMBER = 3


def sex(value: str) -> str:
    """D07: M, F or missing. P is Perempuan, never Pria."""
    cleaned = _DECIMALS.sub("", text(value))
    # Forms print the code next to the word: 1. LAKI-LAKI, PEREMPUAN (P).
    word = _WORD.search(cleaned)
    code = word[0] if word else re.sub(r"[^A-Z0-9]", "", cleaned)
    if code in _MALE:
        return "M"
    return "F" if code in _FEMALE else ""


def rtrw(value: str) -> tuple[str, str]:
    """A04: ('1/2', '') for RT 1 and RW 2; ('', flag) if one of them is unknown.

    Letters identify the numbers: RW 02 RT 01 is 1/2. RTRW_DATE: a spreadsheet turned the cell
    into a date, from which the numbers cannot be recovered. RTRW_PARTIAL: one of the two is missing
    or zero. RTRW_UNREADABLE: neither letters nor a pair of numbers.
    """
    cleaned = text(value)
    if not cleaned:
        return "", ""
    letters = _LETTERED.search(cleaned)
    pair = _lettered(cleaned, letters) if letters else _plain_pair(cleaned)
    if isinstance(pair, str):
        return "", pair
    rt, rw = pair
    if rt and rw:
        return f"{rt}/{rw}", ""
    return "", "RTRW_PARTIAL" if rt or rw else ""


def _lettered(cleaned: str, letters: re.Match[str]) -> tuple[int, int] | str:
    """Read by the letters; in `RT/RW 01/02` and `RT 01/02` a pair follows them."""
    rt, rw = _RT.search(cleaned), _RW.search(cleaned)
    if rt and rw:
        return int(rt[1]), int(rw[1])
    slashed = _SLASHED.search(cleaned, letters.start())
    if slashed:
        first, second = int(slashed[1]), int(slashed[2])
        return (second, first) if letters[1] == "W" else (first, second)
    if rt or rw:
        return int(rt[1]) if rt else 0, int(rw[1]) if rw else 0
    return "RTRW_UNREADABLE"


def _plain_pair(cleaned: str) -> tuple[int, int] | str:
    """Read exactly two numbers; more numbers, or a month, are a date."""
    numbers = _NUMBERS.findall(cleaned)
    if _MONTH.search(cleaned) or len(numbers) > 2 or any(len(n) > _LONGEST_NUMBER for n in numbers):
        # Six digits written together are RT and RW, three each.
        if len(numbers) == 1 and len(numbers[0]) == 2 * _LONGEST_NUMBER:
            return int(numbers[0][:3]), int(numbers[0][3:])
        return "RTRW_DATE" if len(numbers) > 1 or _MONTH.search(cleaned) else "RTRW_UNREADABLE"
    found = _PAIR.search(cleaned)
    if found:
        return int(found[1]), int(found[2])
    if len(numbers) == 1:
        return (int(numbers[0]), 0)
    return "RTRW_UNREADABLE"
