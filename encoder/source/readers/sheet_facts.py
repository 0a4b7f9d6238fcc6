"""Facts of a sheet beyond its cells: hidden rows, merged cells, formulas without a value.

Read from the XML of an xlsx sheet in one pass, part by part.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

# First row, first column, last row, last column, all from 0.
Merge = tuple[int, int, int, int]

_PART = 1 << 20
_MOST_COLUMNS = 16_384
# Cells near the header are searched at the beginning, distant ones everywhere.
_CELL, _FAR_CELL = (re.compile(rb' r="(%s)\d' % letters) for letters in (b"[A-Z]+", b"[A-Z]{2,3}"))
_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\shidden="(?:1|true)")[^>]*?\sr="(\d+)"[^>/]*>')
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_SPAN = re.compile(rb'\b(min|max)="(\d+)"')
_HIDDEN_MARK = re.compile(rb'\shidden="(?:1|true)"')
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\b[^>]*>([^<]*))?"
)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_FAILED = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\st="e")[^>]*\sr="([A-Z]+)(\d+)"')
_PREFIX = re.compile(rb"<(\w+:)?sheetData")


@dataclass
class SheetFacts:
    """The facts of one sheet. `looked` is false if the format does not show hidden rows.

    `uncomputed` and `failed` are lines, from 0, of formulas without a value by column.
    `from_1904`: the numbers of the workbook's dates count from 1904.
    """

    looked: bool = True
    from_1904: bool = False
    rows: int = 0
    columns: int = 0
    hidden: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    uncomputed: dict[int, array[int]] = field(default_factory=dict)
    failed: dict[int, array[int]] = field(default_factory=dict)

    def cells(self) -> int:
        """The number of cells within the sheet's bounds, as its reader would hold them."""
        return self.rows * self.columns


def surveyed(archive: zipfile.ZipFile, part: str) -> SheetFacts:
    """The facts of one sheet of an xlsx workbook, by the name of its XML file."""
    return _Survey().of(archive, part)


class _Survey:
    """One pass over the XML of a sheet."""

    def __init__(self) -> None:
        self._facts = SheetFacts()
        self._formulas = 0
        self._zeros: Counter[int] = Counter()
        self._zero_rows: dict[int, array[int]] = {}

    def of(self, archive: zipfile.ZipFile, part: str) -> SheetFacts:
        cell = _CELL
        with archive.open(part) as file:
            for text, prefix in _pieces(file):
                self._bounds(text, cell)
                if cell is _CELL:
                    self._facts.hidden_columns = _hidden_columns(text)
                cell = _FAR_CELL
                if b' hidden="' in text:
                    self._facts.hidden += map(int, _HIDDEN.findall(text))
                if b"<%sf" % prefix in text:
                    self._formulas_of(text)
                if b' t="e"' in text:
                    self._failures_of(text)
        # Merged cells are listed below the rows.
        self._facts.merges += map(_merge, _MERGE.findall(text))
        self._never_computed()
        return self._facts

    def _bounds(self, text: bytes, cell: re.Pattern[bytes]) -> None:
        # Rows are in order, so the last one gives their number.
        facts, at = self._facts, text.rfind(b"row ")
        last = None if at < 0 else _ROW.search(text, max(0, at - 9))
        facts.rows = int(last[1]) if last else facts.rows
        facts.columns = max(facts.columns, *map(column_number, set(cell.findall(text))), 0)

    def _formulas_of(self, text: bytes) -> None:
        for cell, value in _FORMULA.findall(text):
            place = _PLACE.search(cell)
            if place is None:
                continue
            column, row = column_number(place[1]) - 1, int(place[2]) - 1
            self._formulas += 1
            if not value.strip() and b't="str"' not in cell:
                self._facts.uncomputed.setdefault(column, array("L")).append(row)
            elif value in (b"0", b"0.0"):
                self._zeros[column] += 1
                self._zero_rows.setdefault(column, array("L")).append(row)

    def _failures_of(self, text: bytes) -> None:
        for column, row in _FAILED.findall(text):
            lines = self._facts.failed.setdefault(column_number(column) - 1, array("L"))
            lines.append(int(row) - 1)

    def _never_computed(self) -> None:
        """Detect programs that compute no formulas and write 0 for each one."""
        if 1 < self._zeros.total() == self._formulas:
            for column, rows in self._zero_rows.items():
                self._facts.uncomputed[column] = rows


def _pieces(file: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The XML in pieces that end before a cell or a row, with the namespace prefix.

    The last piece has everything below the last cell.
    """
    left = file.read(_PART)
    found = _PREFIX.search(left)
    prefix = found[1] or b"" if found else b""
    cell, row = b"<%sc " % prefix, b"<%srow " % prefix
    while read := file.read(_PART):
        end = max(0, left.rfind(cell), left.rfind(row))
        if end:
            yield left[:end], prefix
        left = left[end:] + read
    end = max(0, left.rfind(cell), left.rfind(row))
    if end:
        yield left[:end], prefix
    yield left[end:], prefix


def _hidden_columns(text: bytes) -> list[int]:
    """Hidden columns from 0; the XML lists them above the first row, often as one long range."""
    found: list[int] = []
    for each in _COLUMNS.findall(text.partition(b"sheetData")[0]):
        span = {name: int(value) for name, value in _SPAN.findall(each)}
        if _HIDDEN_MARK.search(each) and len(span) == len(("min", "max")):
            found += range(span[b"min"] - 1, min(span[b"max"], _MOST_COLUMNS))
    return found


def _merge(found: tuple[bytes, bytes, bytes, bytes]) -> Merge:
    left, top, right, bottom = found
    return int(top) - 1, column_number(left) - 1, int(bottom) - 1, column_number(right) - 1


def column_number(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
