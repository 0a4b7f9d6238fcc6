"""Regulations that ended by their own words and must carry no new run."""

from __future__ import annotations

import re
from datetime import date

# Kind, number, year: the last day. Inpres 4/2022 (extreme poverty) named its own end.
ENDED = {("inpres", 4, 2022): date(2024, 12, 31)}

_KINDS = {
    "inpres": r"inpres|instruksi\s+presiden",
    "perpres": r"perpres|peraturan\s+presiden",
    "permendagri": r"permendagri",
}
_CITED = {
    kind: re.compile(
        rf"(?:{words})\s+(?:no(?:mor)?\.?\s*)?(\d+)\s*(?:/|tahun|th\.?)\s*(\d{{4}})", re.I
    )
    for kind, words in _KINDS.items()
}


def has_ended(citation: str, day: date) -> bool:
    """Whether the text cites a regulation that had ended by that day, however it is written."""
    return any(
        day > ENDED.get((kind, int(number), int(year)), date.max)
        for kind, pattern in _CITED.items()
        for number, year in pattern.findall(citation)
    )
