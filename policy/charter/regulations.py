"""Regulations cited in free text, recognised in all their usual spellings.

1. `Instruksi Presiden Republik Indonesia Nomor 4 Tahun 2022`, `Inpres No. 4/2022` and
   `INPRES 4 TH. 2022` are one regulation: kind, number, year.
2. Other words may come between the kind and the number: Republik Indonesia, a ministry, a region.
3. `Inpres 4/2025 dan 4/2022` cites two regulations of one kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from policy.charter.basis import Citation


@dataclass(frozen=True, order=True)
class Regulation:
    """A regulation by its kind (lower case, as in `inpres`), number and year."""

    kind: str
    number: int
    year: int


# The last day of regulations with a stated end, such as Inpres 4/2022 (extreme poverty).
ENDED = {Regulation("inpres", 4, 2022): date(2024, 12, 31)}

# Longer names first: `peraturan pemerintah pengganti undang undang` is a kind of its own.
_KINDS = {
    "perppu": r"perp?pu|(?:peraturan pemerintah|pp) pengganti (?:undang undang|uu)",
    "pp": r"pp|p p|peraturan pemerintah",
    "perpres": r"perpres|peraturan presiden",
    "keppres": r"keppres|keputusan presiden",
    "inpres": r"inpres|instruksi presiden",
    "permendagri": r"permendagri|peraturan mendagri"
    r"|(?:peraturan menteri|permen) (?:dalam negeri|dagri)",
    "kepmendagri": r"kepmendagri|keputusan mendagri"
    r"|(?:keputusan menteri|kepmen) (?:dalam negeri|dagri)",
    "uu": r"uu|u u|undang undang",
    # Their number says little without the issuer, so these kinds are recognised but not read.
    "other": r"per(?:men[a-z]*|gub|bup|wali?|da|ban|ka)|kepmen[a-z]*|sk|se|mou|pks"
    r"|(?:peraturan|keputusan|instruksi|surat) [a-z]+",
}
_KIND = re.compile(
    r"\b(?:" + "|".join(f"(?P<{kind}>{names})" for kind, names in _KINDS.items()) + r")\b"
)
_NUMBER = r"(?:no|nomor|nomer|nmr|nr) 0*(?P<{0}>\d{{1,4}})"
_TANGGAL = r"(?: (?:tanggal|tgl) \d{1,2} [a-z]+)?"
_YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_THE_YEAR = r"(?:tahun|thn|th|t)"
# Number then year, or year then number. Up to eight other words may come before them.
_CITED = re.compile(
    r" ?(?:(?:[a-z]+|/) ){0,8}?(?:"
    rf"(?:(?:no|nomor|nomer|nmr|nr) ?)?0*(?P<number>\d{{1,4}})(?:{_TANGGAL} {_THE_YEAR} ?| ?/ ?"
    rf"|{_TANGGAL} ){_YEAR.format('year')}\b"
    rf"|{_THE_YEAR} {_YEAR.format('year_first')} {_NUMBER.format('number_last')}\b"
    r")"
)
_AND = re.compile(r" ?(?:(?:dan|serta|juncto|jo|atau|and|or|/) ?)+(?=(?:no|nomor|\d))")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def regulations_in(text: str) -> frozenset[Regulation]:
    """Every regulation that the text cites, in any spelling."""
    # A number may be repeated in words, (empat), and a kind by its short name, (Inpres).
    readings = {_plain(text), _plain(_IN_BRACKETS.sub(" ", text))}
    return frozenset(found for each in readings for found in _read(each))


def has_ended(citation: str, day: date) -> bool:
    """Whether the text cites a regulation that had ended by that day."""
    return any(day > ENDED.get(each, date.max) for each in regulations_in(citation))


def holds_on(citation: Citation, day: date) -> bool:
    """Whether a citation is valid on that day: by its own dates, and not of an ended regulation."""
    first, last = citation.valid_from or date.min, citation.valid_until or date.max
    return first <= day <= last and not has_ended(citation.text, day)


def _read(text: str) -> Iterator[Regulation]:
    for kind in _KIND.finditer(text):
        if kind.lastgroup == "other":
            continue
        place, end = kind.end(), _next_kind(text, kind.end())
        while (cited := _CITED.match(text, place, end)) is not None:
            number, year = cited["number"] or cited["number_last"], cited["year"]
            yield Regulation(str(kind.lastgroup), int(number), int(year or cited["year_first"]))
            more = _AND.match(text, cited.end(), end)
            if more is None:
                break
            place = more.end()


def _next_kind(text: str, place: int) -> int:
    following = _KIND.search(text, place)
    return following.start() if following else len(text)


def _plain(text: str) -> str:
    """Lower-case words, numbers and slashes with one space between them."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    words = re.sub(r"[^a-z0-9/]+", " ", seen)
    words = re.sub(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])", " ", words)
    return re.sub(r" ?/ ?", " / ", words).strip()
