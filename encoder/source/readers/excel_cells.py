"""Rows of an Excel sheet: fast if the sheet fits into memory, else one row at a time.

calamine reads xls and xlsx and holds a complete sheet: about 100 bytes a cell, empty cells
included, so that one stray cell far away costs as much as a full sheet. A sheet that
would take more than half a gigabyte is read by openpyxl row by row, sixteen times slower.
Old xls workbooks cannot be that large.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet

# The limit of cells within the sheet's bounds.
MOST_CELLS = 5_000_000


def whole(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """All rows from the first line on; an empty cell is ''."""
    yield from sheet.iter_rows()


def streamed(path: Path, sheet: str) -> Iterator[list[Any]]:
    """All rows, each only as long as up to its last cell."""
    # Imported here: every command and worker process would wait for it, and few need it.
    from openpyxl import load_workbook
    from openpyxl.cell.cell import ERROR_CODES

    with (
        path.open("rb") as file,
        closing(load_workbook(file, read_only=True, data_only=True)) as workbook,
    ):
        rows = workbook[sheet]
        # A workbook's statement of its own size is often wrong.
        rows.reset_dimensions()
        for row in rows.iter_rows(values_only=True):
            yield ["" if cell in ERROR_CODES else _like_calamine(cell) for cell in row]


def _like_calamine(cell: Any) -> Any:
    if cell is None:
        return ""
    return float(cell) if type(cell) is int else cell
