"""Buku Induk Penduduk: blocks of families, flattened to one table.

Each family opens with lines such as `No. KK : ...` and `Alamat : ..., Nama Dusun : ...,
RT/RW : 003/001`, then the column names, then its members. Members get the family's values
as further columns, by the names in FAMILY_COLUMNS. Row numbers count the members and
anything else below the column names; blank lines separate families and are not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from encoder.source.presets.headers import plain
from encoder.source.readers.source import text_of

FAMILY_COLUMNS = ("No. KK", "Alamat", "Nama Dusun", "RT/RW")
_PARTS = (
    re.compile(r"No\.?\s*KK\s*:\s*([\d\s'.-]*\d)", re.IGNORECASE),
    re.compile(r"Alamat\s*:\s*(.*?)\s*(?:,?\s*(?:Nama\s+)?Dusun\s*:|,?\s*RT\s*/\s*RW\s*:|$)", re.I),
    re.compile(r"Dusun\s*:\s*(.*?)\s*(?:,?\s*RT\s*/\s*RW\s*:|$)", re.IGNORECASE),
    re.compile(r"RT\s*/\s*RW\s*:\s*([\d-]+\s*/\s*[\d-]+)", re.IGNORECASE),
)
_FAMILY_LINE = re.compile(r"(?:No\.?\s*KK|Alamat)\s*:", re.IGNORECASE)


def flat_rows(rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """The column names once, then every member with the values of the family's lines."""
    family = [""] * len(FAMILY_COLUMNS)
    header: list[str] = []
    for row in rows:
        cells = [text_of(cell).strip() for cell in row]
        line = " ".join(cell for cell in cells if cell)
        if _FAMILY_LINE.search(line):
            family = _family(line, family)
        elif is_heading(cells):
            if not header:
                header = cells
                yield [*header, *FAMILY_COLUMNS]
        elif header and line and not _numbers_columns(cells):
            yield [*row, *[""] * (len(header) - len(row)), *family]


def is_heading(cells: list[str]) -> bool:
    names = [plain(cell) for cell in cells]
    return "nik" in names and any(name.startswith("nama") for name in names)


def is_bip(rows: Iterable[list[str]]) -> bool:
    """Whether a family line is above a line of column names."""
    family = False
    for cells in rows:
        line = " ".join(cell for cell in cells if cell)
        family = family or bool(_PARTS[0].search(line))
        if is_heading(cells):
            return family
    return False


def _family(line: str, before: list[str]) -> list[str]:
    """Read a family line: a new KK number opens a family; other lines belong to the open one."""
    found = [match.group(1).strip() if (match := part.search(line)) else "" for part in _PARTS]
    if found[0]:
        return found
    return [new or old for new, old in zip(found, before, strict=True)]


def _numbers_columns(cells: list[str]) -> bool:
    """The line (1) (2) (3) that some forms print below the column names."""
    numbers = [re.sub(r"\D", "", cell) for cell in cells if cell]
    return numbers == [str(i) for i in range(1, len(numbers) + 1)] and len(numbers) > 2
