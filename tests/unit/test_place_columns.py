"""Where people live is read from columns of many names and spellings."""

from __future__ import annotations

import pytest

from encoder.normalise.regions import regencies
from encoder.released.coverage.areas import area_of
from encoder.released.lists.areas import Area, named_place
from encoder.released.lists.code_books import codes_of
from encoder.released.lists.place_columns import Place, PlaceColumns, is_coded
from encoder.released.lists.told import coded_areas
from encoder.source.joined_columns import CodeColumn, RtRwColumns
from encoder.source.mapping import Mapping
from policy.charter import Region
from policy.regions import bps_of_kemendagri, find, inside, kemendagri_of_bps, provinces
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
    # The same number of BPS is another place, and no book here says which: it is shown as a code,
    # so that its people stay together and are never those of Braga.
    coded = PlaceColumns.of(["kode"], bps, CHARTER).place_of({"kode": braga.code})
    assert coded == Place("BPS 3273 191", "BPS 3273 191 001")
    assert named_place(coded) == coded
    assert is_coded(coded.kelurahan)
    assert area_of(coded) == Area(coded.kecamatan, coded.kelurahan)


def test_a_name_next_to_a_bps_code_is_looked_up_in_the_place_that_bps_means() -> None:
    """Kemendagri's 53.07 is Sikka; BPS's 5307 is Alor, of which Kemendagri's code is 53.05."""
    bps = Mapping.model_validate(
        {"record_id": None, "fields": {"kelurahan": {"code": "kode", "codebook": "bps"}}}
    )
    named = Region(code="53", codebook="kemendagri", vintage=2025)
    charter = CHARTER.model_copy(update={"region": named})
    header = ["kode", "kecamatan", "desa"]
    places = PlaceColumns.of(header, bps, charter)
    village = next(iter(inside("5305", "village")))
    cells = {"kode": "5307010001", "kecamatan": "", "desa": village.name.upper()}
    assert places.place_of(cells) == Place(find(village.code[:6]).name, village.name)


@pytest.mark.parametrize(
    ("code", "kecamatan", "expected"),
    [
        # 32.71.04.1001 of Kota Bogor has the name of a kelurahan of Jakarta Pusat.
        ("3271050001", "Bogor Barat", Place("Bogor Barat", "Menteng")),
        ("3271050001", "", Place("Bogor Barat", "Menteng")),
        # BPS's 3173 is Jakarta Pusat, 3171 Jakarta Selatan, which has no Menteng.
        ("3173999999", "", Place("Menteng", "Menteng")),
        ("3171999999", "", Place("", "MENTENG")),
    ],
)
def test_a_list_of_jakarta_has_people_of_another_kota(
    code: str, kecamatan: str, expected: Place
) -> None:
    bps = Mapping.model_validate(
        {"record_id": None, "fields": {"kelurahan": {"code": "kode", "codebook": "bps"}}}
    )
    places = PlaceColumns.of(["kode", "kecamatan", "desa"], bps, CHARTER)
    cells = {"kode": code, "kecamatan": kecamatan, "desa": "MENTENG"}
    assert places.place_of(cells) == expected


def test_two_kecamatan_of_one_name_in_a_province_are_two() -> None:
    named = Region(code="32", codebook="kemendagri", vintage=2025)
    header = ["kabupaten_kota", "kecamatan", "kelurahan"]
    places = PlaceColumns.of(header, None, CHARTER.model_copy(update={"region": named}))
    assert "kabupaten_kota" in places.names()
    found = [each for each in inside("32", "district") if each.name == "Cibeureum"]
    assert len(found) > 1
    shown = set()
    for each in found:
        regency = find(each.code[:4]).name
        village = next(iter(inside(each.code, "village"))).name
        place = places.place_of(dict(zip(header, (regency, each.name, village), strict=True)))
        assert place == Place(f"Cibeureum, {regency}", village)
        assert codes_of(place.kecamatan, place.kelurahan, "32")[0] == each.code
        shown.add(place.kecamatan)
    assert len(shown) == len(found)
    # In one of these cities alone there is one Cibeureum.
    one = Region(code=found[0].code[:4], codebook="kemendagri", vintage=2025)
    alone = PlaceColumns.of(header, None, CHARTER.model_copy(update={"region": one}))
    village = next(iter(inside(found[0].code, "village"))).name
    cells = dict(zip(header, ("", "Cibeureum", village), strict=True))
    assert alone.place_of(cells).kecamatan == "Cibeureum"


def test_no_bps_code_of_a_kelurahan_has_a_name_and_none_is_promised_for_jakarta() -> None:
    bps = Mapping.model_validate(
        {"record_id": None, "fields": {"kelurahan": {"code": "kode", "codebook": "bps"}}}
    )
    place = PlaceColumns.of(["kode"], bps, CHARTER).place_of({"kode": "3173060001"})
    assert is_coded(place.kelurahan), "BPS's 3173 is Jakarta Pusat"
    said = coded_areas(1)
    assert "Jakarta" not in said.en + said.id


def test_the_bps_codes_of_kabupaten_are_one_to_one_and_often_another_place() -> None:
    regions = [each for p in provinces() for each in inside(p.code, "regency")]
    pairs = {each.code: bps_of_kemendagri(each.code) for each in regions}
    assert len(pairs) == len(set(pairs.values())) == 514
    assert all(kemendagri_of_bps(bps) == ours for ours, bps in pairs.items())
    assert sum(ours != bps for ours, bps in pairs.items()) == 199
    # As the table of 2020 has Jakarta, kab/kota by kab/kota.
    assert {ours: pairs[ours] for ours in regencies()} == dict(regencies())
    # And some that the other book gives to somebody else.
    known = {"3171": "3174", "5307": "5305", "1275": "1271", "7403": "7402", "9401": "9301"}
    assert {bps: kemendagri_of_bps(bps) for bps in known} == known
    assert kemendagri_of_bps("32") == "32"
    assert kemendagri_of_bps("91") == ""  # BPS's Papua Barat is two provinces now
    assert kemendagri_of_bps("9999") == ""


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
