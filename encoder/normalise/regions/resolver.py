"""Find regions by code or by name."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from types import MappingProxyType
from typing import Literal

from encoder.normalise.text import digits, text

Codebook = Literal["kemendagri", "bps"]
Level = Literal["province", "regency", "district", "village"]

VINTAGES: dict[Codebook, str] = {"kemendagri": "Permendagri 72/2019", "bps": "MFD 2020"}
# Words before a name that are not part of it, longest first.
_PREFIXES = (
    "KABUPATEN ADMINISTRASI ",
    "KOTA ADMINISTRASI ",
    "KAB ADM ",
    "KOTA ADM ",
    "KECAMATAN ",
    "KABUPATEN ",
    "PROVINSI ",
    "PROV ",
    "KAB ",
    "KEC ",
    "KOTA ",
)
_KIND_OF_PLACE = re.compile(r"^(KELURAHAN|KEL|DESA|DS)\b\.? ?(?=[A-Z]{3})")
_NO_LETTER = re.compile(r"[^A-Z0-9]")
_SHORT = {
    "JAKSEL": "JAKARTASELATAN",
    "JAKPUS": "JAKARTAPUSAT",
    "JAKTIM": "JAKARTATIMUR",
    "JAKBAR": "JAKARTABARAT",
    "JAKUT": "JAKARTAUTARA",
    "KEPSERIBU": "KEPULAUANSERIBU",
    "KEPSERIBUUTARA": "KEPULAUANSERIBUUTARA",
    "KEPSERIBUSELATAN": "KEPULAUANSERIBUSELATAN",
    "DKI": "DKIJAKARTA",
    "DKJ": "DKIJAKARTA",
    "DAERAHKHUSUSIBUKOTAJAKARTA": "DKIJAKARTA",
    "DAERAHKHUSUSJAKARTA": "DKIJAKARTA",
}


@dataclass(frozen=True)
class ResolvedRegion:
    """One region. `bps` is '' if that book's code is unknown here."""

    kemendagri: str
    bps: str
    level: Level
    name: str
    postal: str = ""

    def code(self, codebook: Codebook) -> str:
        return self.kemendagri if codebook == "kemendagri" else self.bps

    def within(self, parent: ResolvedRegion) -> bool:
        return self.kemendagri.startswith(parent.kemendagri)


def by_code(code: str, codebook: Codebook) -> ResolvedRegion | None:
    """The region with this code in this book; dots and spaces do not matter."""
    return _by_code(codebook).get(digits(code))


def by_name(
    name: str, level: Level | None = None, parent: ResolvedRegion | None = None
) -> list[ResolvedRegion]:
    """All regions with this name; more than one if the level or the parent is needed."""
    return [
        region
        for region in _by_key().get(_key(name), ())
        if (level is None or region.level == level) and (parent is None or region.within(parent))
    ]


def by_letters(name: str, level: Level, parent: ResolvedRegion) -> list[ResolvedRegion]:
    """All regions within the parent whose name has these letters, also if its words are joined.

    Unlike `by_name` it takes no word for a prefix: KOTABAMBUSELATAN is Kota Bambu Selatan.
    """
    found = _by_letters().get(spelled(name), ())
    return [region for region in found if region.level == level and region.within(parent)]


@cache
def regencies() -> Mapping[str, str]:
    """The BPS code of every kab/kota by its Kemendagri code."""
    codes = {each.kemendagri: each.bps for each in _regions() if each.level == "regency"}
    return MappingProxyType(codes)


def spelled(name: str) -> str:
    """The letters and digits of a place's name, without KEL or DESA before it."""
    return _NO_LETTER.sub("", _KIND_OF_PLACE.sub("", text(name)))


@cache
def postal_codes() -> frozenset[str]:
    """All postal codes of the included provinces."""
    return frozenset(each.postal for each in _regions() if each.postal)


def reference() -> dict[str, str]:
    """The books' vintages and the table's SHA-256: the basis of rules that look up regions."""
    return {
        **{str(book): of for book, of in VINTAGES.items()},
        "table": sha256(_table().encode()).hexdigest(),
    }


@cache
def _by_letters() -> dict[str, tuple[ResolvedRegion, ...]]:
    found: dict[str, list[ResolvedRegion]] = defaultdict(list)
    for region in _regions():
        found[spelled(region.name)].append(region)
    return {letters: tuple(regions) for letters, regions in found.items()}


def _key(name: str) -> str:
    cleaned = " ".join(text(name).replace(".", " ").split())
    for prefix in _PREFIXES:
        if cleaned.startswith(prefix) and len(cleaned) > len(prefix) + 2:
            cleaned = cleaned.removeprefix(prefix)
            break
    letters = spelled(cleaned)
    return _SHORT.get(letters, letters)


def _table() -> str:
    return (resources.files("encoder.normalise.regions") / "dki.csv").read_text("utf-8")


@cache
def _regions() -> tuple[ResolvedRegion, ...]:
    return tuple(ResolvedRegion(**row) for row in csv.DictReader(_table().splitlines()))  # type: ignore[arg-type]


@cache
def _by_code(codebook: Codebook) -> dict[str, ResolvedRegion]:
    return {region.code(codebook): region for region in _regions() if region.code(codebook)}


@cache
def _by_key() -> dict[str, tuple[ResolvedRegion, ...]]:
    found: dict[str, list[ResolvedRegion]] = defaultdict(list)
    for region in _regions():
        found[_key(region.name)].append(region)
    return {key: tuple(regions) for key, regions in found.items()}
