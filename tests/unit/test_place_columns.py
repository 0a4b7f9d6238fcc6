"""Where people live is read from columns of many names and spellings."""

from __future__ import annotations

import pytest

from encoder.released.lists.place_columns import Place, PlaceColumns
from encoder.source.joined_columns import CodeColumn, RtRwColumns
from encoder.source.mapping import Mapping
from policy.charter import Region
from policy.regions import find, inside
from tests.benchmarks.quality.methods import default_charter

NAMES = ["NIK", "Nama", "Alamat", "desa_kelurahan", "Kecamatan"]
CHARTER = default_charter()


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        (["rt", "rw"], ["001", "07"]),
        (["RT", "RW"], ["1.0", "7"]),
        (["rt", "rw"], ["RT 01", "RW.007"]),
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


@pytest.mark.parametrize(
    ("kecamatan", "kelurahan", "expected"),
    [
        ("", "CAWANG", Place("Kramatjati", "Cawang")),
        ("KRAMATJATI", "Kel. Cawang", Place("Kramatjati", "Cawang")),
        ("", "kramatjati", Place("Kramatjati", "Kramatjati")),
        # Not in that kecamatan, and not in the region: as it is written.
        ("Gambir", "Cawang", Place("Gambir", "Cawang")),
        ("", "Cibinong", Place("", "Cibinong")),
        ("", "", Place()),
    ],
)
def test_names_are_those_of_the_code_book(kecamatan: str, kelurahan: str, expected: Place) -> None:
    places = PlaceColumns.of(NAMES, None, CHARTER)
    row = {**dict.fromkeys(NAMES, ""), "Kecamatan": kecamatan, "desa_kelurahan": kelurahan}
    assert places.place_of(row) == expected


@pytest.mark.parametrize(
    ("region", "kecamatan", "kelurahan", "expected"),
    [
        ("3273", "", "BRAGA", Place("Sumur Bandung", "Braga")),
        ("3273", "SUMURBANDUNG", "kel. braga", Place("Sumur Bandung", "Braga")),
        ("3273", "", "Cawang", Place("", "Cawang")),  # a kelurahan of Jakarta
        # Many desa of Jawa Barat are called Sukamaju: the kecamatan says which.
        ("32", "", "SUKAMAJU", Place("", "SUKAMAJU")),
        ("32", "Cilodong", "SUKAMAJU", Place("Cilodong", "Sukamaju")),
        ("94", "", "WONO REJO", Place("Nabire", "Wonorejo")),
    ],
)
def test_names_of_every_region_are_those_of_the_book(
    region: str, kecamatan: str, kelurahan: str, expected: Place
) -> None:
    named = Region(code=region, codebook="kemendagri", vintage=2025)
    places = PlaceColumns.of(NAMES, None, CHARTER.model_copy(update={"region": named}))
    row = {**dict.fromkeys(NAMES, ""), "Kecamatan": kecamatan, "desa_kelurahan": kelurahan}
    assert places.place_of(row) == expected


def test_a_village_code_of_any_region_has_a_name_by_its_own_book() -> None:
    mapping = Mapping.model_validate(
        {"record_id": None, "fields": {"kelurahan": {"code": "kode", "codebook": "kemendagri"}}}
    )
    braga = next(each for each in inside("3273", "village") if each.name == "Braga")
    places = PlaceColumns.of(["kode"], mapping, CHARTER)
    assert places.place_of({"kode": braga.code}) == Place("Sumur Bandung", "Braga")
    bps = Mapping.model_validate(
        {"record_id": None, "fields": {"kelurahan": {"code": "kode", "codebook": "bps"}}}
    )
    # The same number of BPS is another place, and no book here says which.
    assert PlaceColumns.of(["kode"], bps, CHARTER).place_of({"kode": braga.code}) == Place()


def test_the_mapping_says_which_columns_are_meant() -> None:
    """The header has better known names for another address."""
    header = ["Kel. domisili", "kelurahan", "R1", "R2", "rt_rw", "kode"]
    cells = dict(
        zip(header, ["Cawang", "Gambir", "4", "5", "001/001", "31.71.01.1001"], strict=True)
    )
    pair = RtRwColumns(rt="R1", rw="R2")
    mapping = Mapping(record_id=None, fields={"kelurahan": "Kel. domisili", "rtrw": pair})
    there = PlaceColumns.of(header, mapping, CHARTER).place_of(cells)
    assert there == Place("Kramatjati", "Cawang", "5", "4")
    code = CodeColumn(code="kode", codebook="kemendagri")
    mapping = Mapping(record_id=None, fields={"kelurahan": code, "rtrw": "rt_rw"})
    there = PlaceColumns.of(header, mapping, CHARTER).place_of(cells)
    assert there == Place("Gambir", "Gambir", "1", "1")


@pytest.mark.parametrize("region", ["31", "3273"])
def test_every_name_is_known_when_its_words_are_joined(region: str) -> None:
    """Kotabambuselatan is Kota Bambu Selatan, where KOTA is no prefix."""
    named = Region(code=region, codebook="kemendagri", vintage=2025)
    places = PlaceColumns.of(NAMES, None, CHARTER.model_copy(update={"region": named}))

    def place_of(kecamatan: str, kelurahan: str) -> Place:
        cells = {"Kecamatan": kecamatan, "desa_kelurahan": kelurahan}
        return places.place_of({**dict.fromkeys(NAMES, ""), **cells})

    for each in inside(region, "village"):
        district = find(each.code[:6]).name
        joined = [name.replace(" ", "").title() for name in (district, each.name)]
        assert place_of(*joined) == place_of(district, each.name)
    if region == "31":
        there = place_of("", "Kotabambuselatan")
        assert there == Place("Palmerah", "Kota Bambu Selatan")
