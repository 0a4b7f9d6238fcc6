"""The form of a field review as a workbook: nothing of a person is left out in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from encoder.lists.place_columns import Place
from encoder.review import form_workbook
from encoder.review.asking import FormRow, ReviewForm
from encoder.review.form_workbook import SheetsBy, write_form
from encoder.review.returned import read_returned
from encoder.steps.review_answers import Review
from policy.base.errors import BadInput
from policy.base.words import Words


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
