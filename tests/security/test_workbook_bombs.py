"""Workbooks that were made to fill memory: refused before they are opened."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from encoder.released.programmes.reading import parse_programme
from encoder.released.review import returned
from encoder.released.review.returned import read_returned
from encoder.source.readers import zip_bombs
from encoder.source.readers.excel import Excel
from policy.base.errors import BadInput

HEADER = ("Referensi Padan", "Sumber", "NIK", "Jawaban", "Catatan")
STRINGS, SHEET = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_bombs, "_LARGE", 1 << 20)


def form(path: Path, part: str = "", text: bytes = b"", *, before: bytes = b"") -> Path:
    """A form with one answer; `text` is put into one of its parts, before the given tag."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for row, cells in enumerate((HEADER, ("BDFG", "DTKS", "317", "sama", ""))):
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell)
    book.close()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            more = data.replace(before, text + before) if name == part else data
            archive.writestr(name, more)
    return path


def lying(path: Path, part: str) -> Path:
    """The same file, whose directory says that the part has 1,000 bytes."""
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(part).file_size
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), b"\xe8\x03\x00\x00"))
    return path


def code_of(path: Path) -> str:
    with pytest.raises(BadInput) as refused:
        read_returned(path)
    return str(refused.value.code)


def test_a_part_that_inflates_beyond_reason_is_refused(tmp_path: Path) -> None:
    text = b"<si><t>" + b"A" * (16 << 20) + b"</t></si>"
    path = form(tmp_path / "f.xlsx", STRINGS, text, before=b"</sst>")
    assert path.stat().st_size < 1 << 15
    assert code_of(path) == "file.excel"
    assert code_of(lying(path, STRINGS)) == "file.excel"


def test_a_large_table_that_compresses_well_is_read(tmp_path: Path) -> None:
    draw = random.Random(1)
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>BDFG-%08x</t></is></c></row>'
        % (at, at, draw.getrandbits(32))
        for at in range(3, 30_000)
    )
    path = form(tmp_path / "f.xlsx", SHEET, rows, before=b"</sheetData>")
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo(SHEET)
    assert part.file_size > 2 << 20
    assert part.file_size > 5 * part.compress_size
    assert read_returned(path).empty == 29_997


def test_cells_far_to_the_right_do_not_fill_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="ALL%d"><v>%d</v></c></row>' % (at, at, at) for at in range(3, 203)
    )
    path = form(tmp_path / "f.xlsx", SHEET, rows, before=b"</sheetData>")
    monkeypatch.setattr(Excel, "most_cells", 1000)
    (row,) = read_returned(path).rows
    assert row.own == ("317",)
    monkeypatch.setattr(returned, "_MOST_CELLS", 100_000)
    assert code_of(path) == "review.form"


def test_entities_do_not_grow(tmp_path: Path) -> None:
    path = form(tmp_path / "f.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entities = b"".join(
        b'<!ENTITY %c "%s">' % (98 + at, (b"&%c;" % (97 + at)) * 10) for at in range(9)
    )
    head, mark, rest = parts[STRINGS].partition(b"?>")
    grown = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + entities + b"]>"
    parts[STRINGS] = head + mark + grown + rest.replace(b"DTKS", b"&j;")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert code_of(path) == "file.excel"


def test_rules_with_very_many_levels_are_refused_at_the_first_too_deep() -> None:
    """Reading all of them would take the square of their number: hours for 256 KB."""
    with pytest.raises(BadInput, match="too many levels"):
        parse_programme(b"a: " + b"[" * 250_000, "rules.yaml")
