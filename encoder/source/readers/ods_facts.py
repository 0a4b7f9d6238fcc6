"""Sheet facts (`sheet_facts`) of an OpenDocument spreadsheet (ods)."""

from __future__ import annotations

import zipfile
from array import array
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse

from encoder.source.readers.sheet_facts import SheetFacts

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ROW = f"{_TABLE}table-row"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def ods_facts(archive: zipfile.ZipFile, sheet: str) -> SheetFacts:
    """The facts of this sheet, in one pass over its rows."""
    facts = SheetFacts()
    with archive.open("content.xml") as file:
        row = 0
        for each in _rows(file, sheet):
            times = int(each.get(f"{_TABLE}number-rows-repeated", "1"))
            cells = [cell for cell in each if cell.tag in _CELLS]
            if each.get(f"{_TABLE}visibility") in ("collapse", "filter") and any(map(len, cells)):
                facts.hidden += range(row + 1, row + times + 1)
            _add(facts, row, cells)
            row += times
    return facts


def _rows(file: IO[bytes], sheet: str) -> Iterator[Element]:
    inside = False
    events: Any = iterparse(file, events=("start", "end"))  # noqa: S314 - expat caps entities
    for event, each in events:
        if each.tag == f"{_TABLE}table":
            inside = event == "start" and each.get(f"{_TABLE}name") == sheet
        elif event == "end" and each.tag == _ROW:
            if inside:
                yield each
            each.clear()


def _add(facts: SheetFacts, row: int, cells: list[Element]) -> None:
    column = 0
    for cell in cells:
        down = int(cell.get(f"{_TABLE}number-rows-spanned", "1")) - 1
        across = int(cell.get(f"{_TABLE}number-columns-spanned", "1")) - 1
        if down or across:
            facts.merges.append((row, column, row + down, column + across))
        if cell.get(f"{_TABLE}formula") and not cell.get(f"{_OFFICE}value-type"):
            facts.uncomputed.setdefault(column, array("L")).append(row)
        elif cell.get(f"{_CALC}value-type") == "error":
            facts.failed.setdefault(column, array("L")).append(row)
        column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
