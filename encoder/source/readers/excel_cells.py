"""Rows of an Excel sheet: quickly where it fits into memory, else one after the other.

calamine reads xls and xlsx and holds a sheet as a whole: some 100 bytes a cell, empty ones
among them, so that one forgotten cell at the far end costs as much as a full sheet. What
would take more than half a gigabyte is read by openpyxl, sixteen times slower, row by row.
Of old xls workbooks there are no larger ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet

# Of all cells within the sheet's bounds.
MOST_CELLS = 5_000_000


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
