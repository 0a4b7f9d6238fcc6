"""Rows of an Excel sheet: quickly where it fits into memory, else one after the other.

calamine reads xls and xlsx and holds a sheet as a whole: some 100 bytes a cell, empty ones
among them, so that one forgotten cell at the far end costs as much as a full sheet. What
would take more than half a gigabyte is read by openpyxl, sixteen times slower, row by row.
Of old xls workbooks there are no larger ones.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet

# Of all cells within the sheet's bounds.
MOST_CELLS = 5_000_000
_PART = 1 << 20
# Cells near the header are looked for at the beginning, far ones everywhere.
_CELL, _FAR_CELL = (re.compile(rb' r="(%s)\d' % letters) for letters in (b"[A-Z]+", b"[A-Z]{2,3}"))
_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d+)"')
_BYTES_A_CELL = 100
_LONGEST_TAG = 200


def fits_into_memory(path: Path, most_cells: int = MOST_CELLS) -> bool:
    """Whether no sheet of the workbook spans more cells. Not a zip archive: xls, which does."""
    if not zipfile.is_zipfile(path):
        return True
    with zipfile.ZipFile(path) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
        return all(_spans_at_most(archive, name, most_cells) for name in sheets)


def whole(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """All rows from the first line on; an empty cell is ''."""
    yield from sheet.iter_rows()


def streamed(path: Path, sheet: str) -> Iterator[list[Any]]:
    """The same rows, but none is longer than its last cell."""
    # Here, since every command and worker process would wait for it, and hardly one needs it.
    from openpyxl import load_workbook
    from openpyxl.cell.cell import ERROR_CODES

    with (
        path.open("rb") as file,
        closing(load_workbook(file, read_only=True, data_only=True)) as workbook,
    ):
        rows = workbook[sheet]
        # What a workbook says of its own size is often wrong.
        rows.reset_dimensions()
        for row in rows.iter_rows(values_only=True):
            yield ["" if cell in ERROR_CODES else _like_calamine(cell) for cell in row]


def _like_calamine(cell: Any) -> Any:
    if cell is None:
        return ""
    return float(cell) if type(cell) is int else cell


def _spans_at_most(archive: zipfile.ZipFile, name: str, most_cells: int) -> bool:
    if archive.getinfo(name).file_size > most_cells * _BYTES_A_CELL:
        return False
    rows, columns, left, cell = 0, 0, b"", _CELL
    with archive.open(name) as file:
        while part := file.read(_PART):
            text = left + part
            # Rows stand in order, so that the last one tells how many there are.
            last = None if (at := text.rfind(b"row ")) < 0 else _ROW.search(text, max(0, at - 9))
            rows = int(last[1]) if last else rows
            columns = max(columns, *map(_column, set(cell.findall(text))), 0)
            if rows * columns > most_cells:
                return False
            left, cell = text[-_LONGEST_TAG:], _FAR_CELL
    return True


def _column(letters: bytes) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
