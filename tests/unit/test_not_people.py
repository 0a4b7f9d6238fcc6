"""Names of columns again, totals and signatures are refused, and people are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoder.source.mapping import Mapping
from encoder.source.readers import read_rows
from encoder.source.readers.not_people import not_people
from encoder.source.readers.rules import HEADER_AGAIN, TOTAL_LINE

NAMES = ["No", "NIK", "Nama Lengkap", "Tanggal Lahir", "Jenis Kelamin", "Kelurahan"]
PERSON = ["1", "3175996303580106", "DEDI HANDAYANI", "23-03-1958", "P", "Ciracas"]
NO_NUMBERS = ["2", "", "SITI", "", "P", "Ciracas"]


def rule(*cells: str, names: list[str] = NAMES) -> str | None:
    """What becomes of one row among people."""
    row = [*cells, *[""] * (len(names) - len(cells))]
    people = [PERSON[: len(names)], NO_NUMBERS[: len(names)]]
    rows = [*people * 40, row, *people * 40]
    found = not_people(names, list(zip(*rows, strict=True)))
    assert found.keys() <= {80}
    return found.get(80)


@pytest.mark.parametrize(
    "cells",
    [
        NAMES,
        [name.upper() for name in NAMES],
        [name.lower().replace(" ", "_") for name in NAMES],
        ["No.", "N I K", "NAMA  LENGKAP", "TANGGAL LAHIR ", "JENIS KELAMIN (L/P)", "KELURAHAN"],
        ["\ufeffNo", *NAMES[1:]],
        ["", "NIK", "NAMA LENGKAP"],
        # The columns' numbers below their names.
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["1", "2", "3", "4", "5", "6"],
        ["1.0", "2.0", "3.0", "4.0", "5.0", "7.0"],
    ],
)
def test_names_and_numbers_of_columns_again(cells: list[str]) -> None:
    assert rule(*cells) == HEADER_AGAIN


def test_the_second_line_of_a_header_of_two_lines() -> None:
    names = ["NIK", "NAMA", "Kelahiran Tanggal"]
    assert rule("", "", "TANGGAL", names=names) == HEADER_AGAIN
    assert rule("NIK", "NAMA", "KELAHIRAN", names=names) == HEADER_AGAIN


@pytest.mark.parametrize(
    "cells",
    [
        ["", "", "JUMLAH"],
        ["JUMLAH", "", "160"],
        ["", "160", "Total"],
        ["TOTAL : 1.234.567 JIWA"],
        ["", "", "SUB TOTAL", "", "12", ""],
        ["", "", "Grand Total"],
        ["", "", "Jumlah Penduduk Laki-laki", "", "80"],
        ["", "", "JUMLAH KELURAHAN CIRACAS"],
        ["", "", "T O T A L"],
        ["", "", "Sub Jumlah", "", "6", "6"],
        # Sums of what should not be summed.
        ["", "480000000000000000", "JUMLAH"],
        ["", "4.8E+17", "JUMLAH", "1234567"],
        ["", "", "DAFTAR PENERIMA BANTUAN TAHUN 2023"],
        ["", "", "Periode: Maret 2023"],
        ["", "", "Mengetahui,"],
        ["", "", "", "", "", "Jakarta, 12 Maret 2023"],
        ["", "", "Mengetahui", "", "", "Jakarta,    Maret 2023"],
        ["", "", "Ciracas, 12-03-2023"],
        ["", "", "Kepala Dinas Sosial"],
        ["", "", "a.n. Kepala Desa"],
        ["", "", "Lurah Ciracas", "", "", "Ketua RW 03"],
        ["", "", "NIP. 19650312 199003 1 002"],
        ["", "", "NIP 196503121990031002"],
        ["", "", "Sumber: Dinas Sosial"],
        ["", "", "Halaman 2"],
    ],
)
def test_totals_and_signatures(cells: list[str]) -> None:
    assert rule(*cells) == TOTAL_LINE


@pytest.mark.parametrize(
    "cells",
    [
        # Somebody's name holds the word, or opens with it.
        ["3", "3175996303580106", "JUMLAH", "", "", ""],
        ["3", "", "TOTAL", "12-03-1980", "L", ""],
        ["3", "", "TOTAL", "12 Maret 1980", "L", ""],
        ["3", "3.17E+15", "TOTAL", "", "L", ""],
        ["3", "317599 630358 0106", "JUMLAH", "", "L", ""],
        ["3", "'3175996303580106", "JUMLAH", "", "L", ""],
        ["3", "", "TOTAL SITUMORANG", "", "L", "Ciracas"],
        ["3", "", "SITI TOTAL", "", "", ""],
        ["3", "", "JUMLAHWATI", "", "", ""],
        # A name alone, a first name that is a month or an office.
        ["3", "", "SITI"],
        ["", "", "MEI"],
        ["3", "", "LURAH SUPRAPTO", "", "L", "Ciracas"],
        ["3", "", "NIKEN", "", "P", "Kelurahan"],
        # A baby with a place and a date of birth only.
        ["3", "", "SITI", "JAKARTA, 12 Maret 2023", "P"],
        ["4", "", "NAMA", "01-02-1980", "L", "Ciracas"],
        [],
    ],
)
def test_people_stay(cells: list[str]) -> None:
    assert rule(*cells) is None


def test_the_name_between_an_office_and_its_number_is_part_of_the_signature() -> None:
    rows = [PERSON] * 9
    for cells in (["Jakarta, 12 Maret 2023"], ["Lurah"], ["BUDI SANTOSO, S.Sos"], ["NIP. 1965"]):
        rows.append(["", "", *cells, "", "", ""])
    assert set(not_people(NAMES, list(zip(*rows, strict=True)))) == {9, 10, 11, 12}


def test_a_name_alone_after_the_foot_of_a_page_is_somebody() -> None:
    rows = [PERSON] * 9
    for cells in (["Halaman 2"], ["BUDI"], ["Lurah"], ["SITI"], PERSON[2:3] + PERSON[3:]):
        rows.append(["", "", *cells, *[""] * (4 - len(cells))])
    assert set(not_people(NAMES, list(zip(*rows, strict=True)))) == {9, 11, 12}


def test_a_name_alone_in_the_first_row_is_somebody() -> None:
    assert not_people(["Nama"], [["BUDI", "SITI"]]) == {}


def test_a_name_alone_before_a_total_is_somebody() -> None:
    rows = [PERSON] * 9 + [["", "", "JUMLAH", "", "", ""], ["", "", "BUDI", "", "", ""]]
    assert set(not_people(NAMES, list(zip(*rows, strict=True)))) == {9}


@given(st.lists(st.text(), min_size=6, max_size=6))
def test_a_row_with_a_nik_is_a_person(cells: list[str]) -> None:
    cells[1] = PERSON[1]
    assert not_people(NAMES, [[cell] for cell in cells]) == {}


def test_they_are_refused_by_number_with_their_rule(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    rows = [PERSON, [each.upper() for each in NAMES], PERSON, ["", "", "JUMLAH", "", "", "2"]]
    path.write_text("".join(",".join(row) + "\n" for row in (NAMES, *rows)))
    mapping = Mapping(record_id="No", fields={"nama": "Nama Lengkap", "nik": "NIK"})
    (chunk,) = read_rows(path, mapping, {}, 10)
    assert chunk.row_numbers == [1, 3]
    assert chunk.refused == [(2, HEADER_AGAIN), (4, TOTAL_LINE)]
