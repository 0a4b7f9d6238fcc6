"""A01 to A06: street addresses, reduced to the parts that matter for comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from encoder.normalise.text import text

_WORDS = {
    **dict.fromkeys(["JL", "JLN", "JALAN", "JAL"], ""),
    **dict.fromkeys(["GG", "GANG"], "GANG"),
    **dict.fromkeys(["LRG", "LORONG", "LR"], "LORONG"),
    **dict.fromkeys(["KP", "KPG", "KMP", "KAMPUNG", "KAMPONG"], "KAMPUNG"),
    **dict.fromkeys(["DSN", "DSUN", "DUSUN"], "DUSUN"),
    **dict.fromkeys(["LINGK", "LK", "LINGKUNGAN"], "LINGKUNGAN"),
    **dict.fromkeys(["KOMP", "KOMPL", "KMPLK", "PERUM", "PERUMAHAN", "PRM", "KOMPLEK"], "KOMPLEK"),
    **dict.fromkeys(["BLK", "BLOK"], "BLOK"),
    **dict.fromkeys(["DS", "DESA"], "DESA"),
    **dict.fromkeys(["RUSUN", "RUSUNAWA"], "RUSUN"),
    **dict.fromkeys(["APT", "APART", "APARTEMEN", "APARTMENT"], "APARTEMEN"),
    **dict.fromkeys(["TWR", "TOWER"], "TOWER"),
    **dict.fromkeys(["NO", "NMR", "NOMOR"], "NO"),
    **dict.fromkeys(["H", "KH", "DR", "PROF", "JEND", "JENDRAL", "JENDERAL"], ""),
    **dict.fromkeys(["LETJEN", "LETJEND", "MAYJEN", "MAYJEND", "BRIGJEN", "BRIGJEND"], ""),
}
_RT_RW = re.compile(
    r"\bRT\b.*?\bRW\b\W*\d*(?:\s*/\s*\d+)?|\bRT\W*\d+(?:\s*/\s*[\d-]+)?|\bRW\W*\d+"
    r"|\b\d{1,3}/(?:\d{1,3}\b|-)(?=\W*$)"
)
_NUMBER_AND_LETTER = re.compile(r"\b(\d+)\s*/?\s*([A-Z])\b")
_MARKS = re.compile(r"[^A-Z0-9]+")
_ROMAN = {
    "II": "2", "III": "3", "IV": "4", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "XI": "11",
    "XII": "12", "XIII": "13", "XIV": "14", "XV": "15", "XVI": "16", "XVII": "17", "XVIII": "18",
    "XIX": "19", "XX": "20", "XXI": "21", "XXII": "22", "XXIII": "23", "XXIV": "24", "XXV": "25",
}  # fmt: skip
# A single letter is a number after another word (GANG I, MAWAR V), but not in a name (I GUSTI)
# or as the letter of a block.
_ROMAN_LETTERS = {"I": "1", "V": "5", "X": "10"}
_LETTERED = frozenset(["BLOK", "TOWER", "KOMPLEK", "NO"])


def address(value: str) -> str:
    """Unify street words, remove honorifics and RT/RW, turn Roman numbers into Arabic ones."""
    street = _RT_RW.sub(" ", text(value).replace("#", " NO "))
    words = _MARKS.sub(" ", _NUMBER_AND_LETTER.sub(r"\1\2", street)).split()
    kept = [_WORDS.get(word, _ROMAN.get(word, word)) for word in words]
    return " ".join(_numbered([word for word in kept if word]))


def _numbered(words: list[str]) -> Iterator[str]:
    yield from words[:1]
    for before, word in pairwise(words):
        yield word if before in _LETTERED else _ROMAN_LETTERS.get(word, word)
