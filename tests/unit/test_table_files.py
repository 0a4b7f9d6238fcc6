"""Tables for Excel, for programs and as Parquet: no cell changes on the way."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from policy.base.errors import BadInput
from policy.base.output import Output
from policy.terminal.table_files import TABLE, CsvFor, TableFile, table_file
from policy.terminal.table_files.csv_text import as_excel_shows

HEAD = ["nik", "nama", "rt_rw", "baris"]
NIK = "3175991702667365"
ROWS: list[list[str | int]] = [
    [NIK, 'MA\'RUF; "SITI"', "007/007", 1],
    ["", '=HYPERLINK("http://x")', "1-2", 2],
    ["-1", "@SUM(A1)", "+62", 1_000_000],
    ["0012", "é ✓ 😀", "MEI 2020", 4],
]


def table(path: Path, csv_for: CsvFor = CsvFor.programs) -> TableFile:
    return TableFile.named(Output(path, may_replace=True), csv_for)


def test_a_workbook_keeps_every_digit_as_text(tmp_path: Path) -> None:
    out = tmp_path / "daftar.xlsx"
    assert table(out).write(HEAD, iter(ROWS)) == len(ROWS)
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert found == [HEAD, *([cell or None for cell in row] for row in ROWS)]
    nik, formula, number = sheet["A2"], sheet["B3"], sheet["D2"]
    assert (nik.data_type, nik.number_format) == ("s", "@")
    assert formula.data_type == "s", "no formula, whatever it begins with"
    assert number.data_type == "n", "counters can be sorted"
    assert (out.stat().st_mode & 0o777, list(tmp_path.iterdir())) == (0o600, [out])


def test_every_cell_of_a_workbook_can_be_read_without_widening(tmp_path: Path) -> None:
    """A column is as wide as its cells, and a long text goes on in the next line of its cell."""
    out = tmp_path / "daftar.xlsx"
    long = "penerima sekarang, akan kehilangan bantuan; tidak memenuhi: Desil 1 sampai 4"
    table(out).write(["nik", "alasan", "pendek"], [[NIK, long, "ya"], ["", "ok", 3]])
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    widths = [sheet.column_dimensions[each].width for each in "ABC"]
    assert widths[0] >= len(NIK)
    assert widths[2] < 12
    assert sheet["B2"].alignment.wrap_text
    assert sheet.row_dimensions[2].height >= 2 * 15
    assert not sheet["B3"].alignment.wrap_text
    for row in sheet.iter_rows(2):
        for cell, width in zip(row, widths, strict=True):
            assert len(str(cell.value or "")) <= width or cell.alignment.wrap_text


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_the_same_table_again_is_the_same_file(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"daftar.{ending}"
    for _ in range(2):
        TableFile.named(Output(out, TABLE), CsvFor.programs).write(HEAD, ROWS)
    with pytest.raises(BadInput) as caught:
        TableFile.named(Output(out, TABLE), CsvFor.programs).write(HEAD, ROWS[:1])
    assert caught.value.code == "out.exists"


def test_csv_for_programs_changes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "daftar.csv"
    table(out).write(HEAD, ROWS)
    with out.open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [HEAD, *([str(cell) for cell in row] for row in ROWS)]
    assert b"\r" not in out.read_bytes()


def test_csv_for_excel_is_what_excel_in_indonesia_reads(tmp_path: Path) -> None:
    out = tmp_path / "daftar.csv"
    table(out, CsvFor.excel).write(HEAD, ROWS)
    data = out.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfnik;nama;rt_rw;baris\r\n")
    with out.open(newline="", encoding="utf-8-sig") as file:
        _, first, second, *_ = csv.reader(file, delimiter=";")
    assert first == [f'="{NIK}"', 'MA\'RUF; "SITI"', '="007/007"', "1"]
    assert second == ["", '="=HYPERLINK(""http://x"")"', '="1-2"', "2"]


@given(st.text())
def test_no_cell_of_a_csv_for_excel_is_a_formula_of_its_own(cell: str) -> None:
    shown = as_excel_shows(cell)
    if shown != cell:
        assert shown in ('="' + cell.replace('"', '""') + '"', f"'{cell}")
    assert not shown.lstrip().startswith(("+", "-", "@"))
    assert not shown.lstrip().startswith("=") or shown.startswith('="')


@pytest.mark.parametrize(
    "cell", [NIK, "007", "1-2", "12/03", "1e5", "=1", "+1", "-1", "@a", "\t=1", "MEI 2020", "TRUE"]
)
def test_what_excel_would_change_is_written_as_text(cell: str) -> None:
    assert as_excel_shows(cell) == f'="{cell}"'


@pytest.mark.parametrize("cell", ["", "SITI", "JL. MAWAR 5 RT 1", "Ny. ANI", "a1b2"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert as_excel_shows(cell) == cell


def test_parquet_holds_strings(tmp_path: Path) -> None:
    out = tmp_path / "daftar.parquet"
    table(out).write(HEAD, ROWS)
    found = parquet.read_table(out)
    assert {str(each.type) for each in found.schema} == {"string"}
    assert [list(row.values()) for row in found.to_pylist()] == [
        [str(cell) for cell in row] for row in ROWS
    ]


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_file, "SHEET_ROWS", 3)
    out = tmp_path / "daftar.xlsx"
    out.write_text("old")
    table(out).require_room(2)
    for act in (lambda: table(out).require_room(3), lambda: table(out).write(HEAD, ROWS)):
        with pytest.raises(BadInput) as caught:
            act()
        assert caught.value.code == "table.too-long"
        assert ".parquet" in caught.value.hint.en
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]
    table(tmp_path / "daftar.csv").require_room(3)


def test_a_cell_that_excel_would_cut_off(tmp_path: Path) -> None:
    out = tmp_path / "daftar.xlsx"
    with pytest.raises(BadInput) as caught:
        table(out).write(["nama"], [["ok"], ["x" * 32_768]])
    assert caught.value.code == "table.cell"
    assert "Row 2, column nama" in caught.value.problem.en
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_a_failing_source_leaves_the_old_file_and_nothing_else(tmp_path: Path, ending: str) -> None:
    def rows() -> Iterator[list[str | int]]:
        yield ROWS[0]
        raise BadInput("file.changed", *[table_file.too_long().problem] * 2)

    out = tmp_path / f"daftar.{ending}"
    out.write_text("old")
    with pytest.raises(BadInput):
        table(out).write(HEAD, rows())
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_the_choice_for_excel_belongs_to_csv(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        table(tmp_path / "a.xlsx", CsvFor.excel)
    assert caught.value.code == "option.csv-for"
