"""Workbooks with what a spreadsheet shows next to its cells: hidden, merged, not computed."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from html import escape
from pathlib import Path

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HEADER = ["id", "nama", "lahir", "jk", "kelurahan", "nik", "kk"]


def person(number: int, kk: object = "3175990101100001", nik: object = None) -> list[object]:
    """One row; the NIK is from a kecamatan that does not exist."""
    return [
        f"r{number}",
        f"{'BUDI SITI DEWI'.split()[number % 3]} {'ABCDEFGHIJ'[number % 10] * 4}O",
        "12-03-1980",
        "L",
        "Ciracas",
        f"317599120380{number:04}" if nik is None else nik,
        kk,
    ]


def people(first: int, last: int) -> list[list[object]]:
    return [person(number) for number in range(first, last + 1)]


def workbook(
    path: Path,
    sheets: dict[str, Sequence[Sequence[object]]],
    *,
    hidden: dict[str, str] | None = None,
    merged: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    from_1904: bool = False,
) -> Path:
    """Sheets by name; `hidden` sheets by their state; merges and hidden rows of the first."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = (hidden or {}).get(name, "visible")
        for row in rows:
            sheet.append(list(row))
    first = book.worksheets[0]
    for cells in merged:
        first.merge_cells(cells)
    for line in hidden_rows:
        first.row_dimensions[line].hidden = True
    book.active = next(i for i, s in enumerate(book.worksheets) if s.sheet_state == "visible")
    book.save(path)
    return path


def ods(path: Path, sheet: str, rows: Sequence[str]) -> Path:
    """An OpenDocument spreadsheet of such XML rows."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body>'
        f'<office:spreadsheet><table:table table:name="{sheet}">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", content)
    return path


_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest'
    ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
    ' manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    "</manifest:manifest>"
)


def ods_row(
    cells: Sequence[object], *, hidden: bool = False, down: dict[int, int] | None = None
) -> str:
    """One row; `down` are columns whose cell is merged over so many rows, 0 for a covered one."""
    state = ' table:visibility="filter"' if hidden else ""
    inside = "".join(map(_ods_cell, cells, _spans(cells, down)))
    return f"<table:table-row{state}>{inside}</table:table-row>"


def _spans(cells: Sequence[object], down: dict[int, int] | None) -> list[int]:
    return [(down or {}).get(at, 1) for at in range(len(cells))]


def _ods_cell(value: object, rows: int) -> str:
    if rows == 0:
        return "<table:covered-table-cell/>"
    span = (
        f' table:number-columns-spanned="1" table:number-rows-spanned="{rows}"' if rows > 1 else ""
    )
    return (
        f'<table:table-cell office:value-type="string"{span}><text:p>{escape(str(value))}</text:p>'
        "</table:table-cell>"
    )
