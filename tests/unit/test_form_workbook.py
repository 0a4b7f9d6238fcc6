"""The form of a field review as a workbook: nothing of a person is left out in silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from encoder.released.lists.place_columns import Place
from encoder.released.review import form_workbook
from encoder.released.review.asking import FormRow, ReviewForm
from encoder.released.review.form_workbook import ANSWER, SheetsBy, write_form
from encoder.released.review.returned import read_returned
from encoder.released.review.taking import read_answer
from encoder.steps.review_answers import FieldAnswer, Review
from policy.base.errors import BadInput
from policy.base.words import Language, Words


def form(*places: Place, address: str = "JL MELATI") -> ReviewForm:
    rows = tuple(
        FormRow(
            f"BDFG-{at}",
            "dtks-regsosek",
            Words("Regsosek", "Regsosek"),
            place,
            ("SITI", address),
            ("any", "present"),
            "00" * 32,
            bytes(16),
        )
        for at, place in enumerate(places)
    )
    return ReviewForm(("nama", "alamat"), rows, Review(key="00" * 32), 0, 0)


def test_a_cell_or_sheet_that_excel_cannot_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place("TEBET", "MANGGARAI", "1", "2")
    with pytest.raises(BadInput, match="32767 characters") as refused:
        write_form(tmp_path / "f.xlsx", form(place, address="A" * 32_768), SheetsBy.none)
    assert "AAA" not in str(refused.value)
    monkeypatch.setattr(form_workbook, "SHEET_ROWS", 3)
    write_form(tmp_path / "f.xlsx", form(place, place), SheetsBy.none)
    with pytest.raises(BadInput):
        write_form(tmp_path / "f.xlsx", form(place, place, place), SheetsBy.none)


NAMES = (
    *("../../etc", "A/B", "[x]", "'kutip'", "History", "Petunjuk", "A\x01B", "=1+1", "CON"),
    *("NAMA YANG PANJANG SEKALI LEBIH DARI 31", "nama yang panjang sekali lebih dari 31!"),
)


def test_names_of_places_are_names_of_sheets_whatever_they_are(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    places = [Place(f"KEC {at}", name, "1", "") for at, name in enumerate(NAMES)]
    assert write_form(path, form(*places), SheetsBy.kelurahan) == len(NAMES)
    names = load_workbook(path).sheetnames
    assert len({each.casefold() for each in names}) == len(NAMES) + 1
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\\x01")
        assert name.casefold() != "history"
        assert name.strip("'") == name
    assert read_returned(path).empty == len(NAMES)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_form_in_either_language_is_taken_back(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "f.xlsx"
    place = Place("TEBET", "MANGGARAI", "1", "2")
    write_form(path, form(place, place, place), SheetsBy.none, language)
    book = load_workbook(path)
    sheet = book.worksheets[1]
    head = [cell.value for cell in sheet[1]]
    at = head.index(ANSWER.in_language(language)) + 1
    for row, answer in enumerate(FieldAnswer, start=2):
        sheet.cell(row, at, answer.words.in_language(language))
    book.save(path)
    rows = read_returned(path).rows
    assert [read_answer(each.answer) for each in rows] == list(FieldAnswer)
    assert [each.own for each in rows] == [("SITI", "JL MELATI")] * 3


def test_an_own_column_is_not_taken_for_one_of_the_form(tmp_path: Path) -> None:
    """The agency's list has a column called Answer, and the form is in Indonesian."""
    path = tmp_path / "f.xlsx"
    made = replace(form(Place("TEBET", "MANGGARAI", "1", "2")), own=("nama", "Answer"))
    write_form(path, made, SheetsBy.none)
    assert read_returned(path).empty == 1
    assert "Answer (sumber)" in [cell.value for cell in load_workbook(path).worksheets[1][1]]
