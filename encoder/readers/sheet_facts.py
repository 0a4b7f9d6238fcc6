"""What a sheet shows beside its cells: hidden rows, merged cells, formulas without a value.

Taken from the XML of an xlsx sheet in one pass, a part at a time.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

# First row, first column, last row, last column, all from 0.
Merge = tuple[int, int, int, int]

_PART = 1 << 20
# Cells near the header are looked for at the beginning, far ones everywhere.
_CELL, _FAR_CELL = (re.compile(rb' r="(%s)\d' % letters) for letters in (b"[A-Z]+", b"[A-Z]{2,3}"))
_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d+)"')
_HIDDEN = re.compile(
    rb'<(?:\w+:)?row\b(?=[^>]*\s(?:hidden="(?:1|true)"|ht="0(?:\.0*)?"))[^>]*?\sr="(\d+)"[^>/]*>'
)
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\b[^>]*>([^<]*))?"
)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_ENDS = (b"<c ", b":c ", b"<row ", b":row ")


@dataclass
class SheetFacts:
    """Of one sheet. `looked` is false where the format does not show hidden rows."""

    looked: bool = True
    rows: int = 0
    columns: int = 0
    hidden: list[int] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    uncomputed: dict[int, array[int]] = field(default_factory=dict)

    def cells(self) -> int:
        """All within the sheet's bounds, as its reader would hold them."""
        return self.rows * self.columns


def surveyed(archive: zipfile.ZipFile, part: str) -> SheetFacts:
    """The facts of one sheet of an xlsx workbook, by the name of its XML file."""
    return _Survey().of(archive, part)


class _Survey:
    """One pass over the XML of a sheet."""

    def __init__(self) -> None:
        self._facts = SheetFacts()
        self._formulas: Counter[int] = Counter()
        self._zeros: dict[int, array[int]] = {}

    def of(self, archive: zipfile.ZipFile, part: str) -> SheetFacts:
        cell = _CELL
        for text in _pieces(archive, part):
            facts = self._facts
            # Rows stand in order, so that the last one tells how many there are.
            last = None if (at := text.rfind(b"row ")) < 0 else _ROW.search(text, max(0, at - 9))
            facts.rows = int(last[1]) if last else facts.rows
            facts.columns = max(facts.columns, *map(column_number, set(cell.findall(text))), 0)
            cell = _FAR_CELL
            if b' hidden="' in text or b' ht="0' in text:
                facts.hidden += map(int, _HIDDEN.findall(text))
            if b"mergeCell " in text:
                facts.merges += map(_merge, _MERGE.findall(text))
            if b"<f>" in text or b"<f " in text or b":f" in text:
                self._formulas_of(text)
        self._never_computed()
        return self._facts

    def _formulas_of(self, text: bytes) -> None:
        for cell, value in _FORMULA.findall(text):
            place = _PLACE.search(cell)
            if place is None:
                continue
            column, row = column_number(place[1]) - 1, int(place[2]) - 1
            self._formulas[column] += 1
            if not value.strip() and b't="str"' not in cell:
                self._facts.uncomputed.setdefault(column, array("L")).append(row)
            elif value in (b"0", b"0.0"):
                self._zeros.setdefault(column, array("L")).append(row)

    def _never_computed(self) -> None:
        """Some programs write 0 for each formula that they did not compute."""
        for column, rows in self._zeros.items():
            if len(rows) > 1 and len(rows) == self._formulas[column]:
                self._facts.uncomputed[column] = rows


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML in pieces that end before a cell or a row, so that none is cut."""
    left = b""
    with archive.open(part) as file:
        while read := file.read(_PART):
            text = left + read
            end = max(0, *(text.rfind(mark) for mark in _ENDS))
            if end:
                yield text[:end]
            left = text[end:]
    yield left


def _merge(found: tuple[bytes, bytes, bytes, bytes]) -> Merge:
    left, top, right, bottom = found
    return int(top) - 1, column_number(left) - 1, int(bottom) - 1, column_number(right) - 1


def column_number(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
