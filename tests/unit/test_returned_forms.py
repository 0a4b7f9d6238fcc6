"""Forms that came back in another shape than they went out."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from encoder.released.review.returned import read_returned
from policy.base.errors import BadInput

HEADER = ["Referensi Padan", "Sumber", "Nama", "NIK", "Jawaban", "Catatan"]
ROW = ["BBBB-CCCCCCCCCCCCCC-DD", "DTKS", "SITI; BINTI A", "3174010101900001", "orang lain", ""]
EMPTY = ["BBBB-DDDDDDDDDDDDDD-FF", "DTKS", "ANI", "", "", ""]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [";", ","])
def test_a_form_saved_as_csv_by_excel(tmp_path: Path, separator: str, mark: str) -> None:
    path = tmp_path / "kembali.csv"
    quoted = [f'"{cell}"' for cell in ROW]
    lines = [separator.join(each) for each in (HEADER, quoted, EMPTY)]
    path.write_bytes((mark + "\r\n".join(lines) + "\r\n").encode())
    form = read_returned(path)
    (row,) = form.rows
    assert (row.row, row.reference, row.answer) == (2, ROW[0], "orang lain")
    assert row.own == ("SITI; BINTI A", "3174010101900001")
    assert form.empty == 1


def test_titles_above_the_header_and_sheets_without_one_are_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    first, second, third = book.worksheets[0], book.create_sheet(), book.create_sheet()
    first.append(["Petunjuk"])
    second.append(["DINAS SOSIAL"])
    second.append([])
    second.append([each.upper() for each in HEADER])
    second.append(ROW)
    third.append(HEADER)
    third.append(ROW)
    path = tmp_path / "kembali.xlsx"
    book.save(path)
    form = read_returned(path)
    assert [(row.sheet, row.row) for row in form.rows] == [(2, 4), (3, 2)]
    assert form.sheets == 2


def test_a_list_is_no_form(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_text("Nama;Jawaban\nANI;orang lain\n")
    with pytest.raises(BadInput) as refused:
        read_returned(path)
    assert refused.value.code == "review.form"
    assert "ANI" not in str(refused.value.problem)
