"""Where people live is read from columns of many names and spellings."""

from __future__ import annotations

import pytest

from encoder.lists.place_columns import Place, PlaceColumns

NAMES = ["NIK", "Nama", "Alamat", "desa_kelurahan", "Kecamatan"]


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        (["rt", "rw"], ["001", "07"]),
        (["RT", "RW"], ["1.0", "7"]),
        (["RT/RW"], ["001/007"]),
        (["RT/RW"], ["RW 07 RT 01"]),
    ],
)
def test_one_rt_has_one_spelling(columns: list[str], cells: list[str]) -> None:
    places = PlaceColumns.of([*NAMES, *columns])
    row = dict(
        zip([*NAMES, *columns], ["", "", "Jl. Contoh", " Gambir ", "GAMBIR", *cells], strict=True)
    )
    assert places.place_of(row) == Place("GAMBIR", "Gambir", "7", "1")


def test_a_list_without_places_has_none() -> None:
    places = PlaceColumns.of(["NIK", "Nama"])
    assert places.names() == ()
    assert places.place_of({"NIK": "", "Nama": ""}) == Place()
