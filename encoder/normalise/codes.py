"""D07 and A04: sex codes, RT and RW."""

from __future__ import annotations

import re

from encoder.normalise.text import text

_MALE = frozenset(["L", "LK", "LAKI", "LAKILAKI", "PRIA", "M", "1", "MALE", "LAKI2"])
_FEMALE = frozenset(["P", "PR", "PEREMPUAN", "WANITA", "F", "W", "2", "FEMALE"])
_WORD = re.compile(r"\bLAKI\b|\bPEREMPUAN\b")
_DECIMALS = re.compile(r"\.0+$")
_RTRW = re.compile(r"(\d{1,3})\D+(\d{1,3})")


def sex(value: str) -> str:
    """D07: M, F or missing. P is Perempuan, never Pria."""
    cleaned = _DECIMALS.sub("", text(value))
    # Forms print the code beside the word: 1. LAKI-LAKI, PEREMPUAN (P).
    word = _WORD.search(cleaned)
    code = word[0] if word else re.sub(r"[^A-Z0-9]", "", cleaned)
    if code in _MALE:
        return "M"
    return "F" if code in _FEMALE else ""


def rtrw(value: str) -> str:
    """A04: 'RT 01 RW 02', '001/002' and 'RT/RW: 1/2' are '1/2'; '' unless both are known."""
    found = _RTRW.search(text(value))
    if found is None:
        return ""
    rt, rw = int(found[1]), int(found[2])
    return f"{rt}/{rw}" if rt and rw else ""
