"""Reads the code book, one province at a time."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words

Level = Literal["province", "regency", "district", "village"]

CODEBOOK: Literal["kemendagri"] = "kemendagri"
YEAR = 2025
EDITION = "Kepmendagri 300.2.2-2138/2025"

_FILE = "kemendagri-2025.zip"
# Levels by the number of digits of the code, which also are the parts of a code with dots.
_LEVELS: dict[int, Level] = {2: "province", 4: "regency", 6: "district", 10: "village"}


@dataclass(frozen=True, slots=True)
class BookRegion:
    """One region. `code` has digits only; `postal` is for villages, `residents` for regencies."""

    code: str
    name: str
    level: Level
    postal: str = ""
    residents: int = 0

    @property
    def dotted(self) -> str:
        """The code as Kemendagri writes it, 32.73.01.1001; with dots it cannot be a BPS code."""
        ends = [size for size in _LEVELS if size <= len(self.code)]
        return ".".join(self.code[start:end] for start, end in zip([0, *ends], ends, strict=False))


def find(code: str) -> BookRegion:
    """The region with this code, with or without dots; raises BadInput."""
    digits = code.replace(".", "")
    found = _province(digits[:2]).get(digits) if digits.isdecimal() else None
    if found is None:
        raise BadInput(
            PolicyCode.REGION_UNKNOWN,
            Words(
                f"Kode wilayah ini tidak ada dalam buku kode {EDITION}.",
                f"This region code is not in the code book {EDITION}.",
            ),
            Words(
                "Tulis kode Kemendagri: dua angka untuk provinsi (32), empat untuk kabupaten atau"
                " kota (3273). Kode BPS sering berarti tempat lain.",
                "Give a Kemendagri code: two digits for a province (32), four for a kabupaten or"
                " kota (3273). A BPS code often means another place.",
            ),
        )
    return found


def has(code: str, codebook: str, year: int) -> bool:
    """Whether a code of that book and year is one of this book's."""
    return (codebook, year) == (CODEBOOK, YEAR) and code in _province(code[:2])


def inside(code: str, level: Level) -> Iterator[BookRegion]:
    """The regions of a level in this region, in order of their codes; itself at its own level."""
    digits = code.replace(".", "")
    for each in _province(digits[:2]).values():
        if each.level == level and each.code.startswith(digits):
            yield each


def provinces() -> tuple[BookRegion, ...]:
    """All provinces, in order of their codes."""
    with _open() as book:
        codes = sorted(name.removesuffix(".csv") for name in book.namelist() if name[0].isdigit())
    return tuple(_province(code)[code] for code in codes)


@cache
def _province(code: str) -> Mapping[str, BookRegion]:
    """A province's regions by code, in order; empty if there is no such province."""
    with _open() as book:
        if f"{code}.csv" not in book.namelist():
            return {}
        text = book.read(f"{code}.csv").decode()
    regions = (_region(row) for row in csv.DictReader(io.StringIO(text)))
    return {each.code: each for each in regions}


def _region(row: Mapping[str, str]) -> BookRegion:
    code = row["kemendagri"].replace(".", "")
    level = _LEVELS[len(code)]
    return BookRegion(code, row["name"], level, row["postal"], int(row["residents"] or 0))


def _open() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO((resources.files("policy.regions") / _FILE).read_bytes()))
