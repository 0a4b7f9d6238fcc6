"""Regions: two codebooks that collide, names that need their parent."""

from __future__ import annotations

import pytest

from encoder.normalise.regions import by_code, by_name, regencies
from encoder.normalise.regions.resolver import VINTAGES
from encoder.synthetic.places import KELURAHAN
from policy.charter import BOOK_YEARS


def test_the_same_code_is_another_city_in_the_other_book() -> None:
    ours, theirs = by_code("31.71", "kemendagri"), by_code("3171", "bps")
    assert ours is not None
    assert theirs is not None
    assert (ours.name, theirs.name) == ("Jakarta Pusat", "Jakarta Selatan")
    jagakarsa = by_code("3171010", "bps")
    assert jagakarsa is not None
    assert (jagakarsa.name, jagakarsa.kemendagri) == ("Jagakarsa", "317409")
    south = by_code("3101010", "bps")
    assert south is not None
    assert south.kemendagri == "310102", "north and south of the islands are swapped"


def test_jakarta_is_complete() -> None:
    levels = {"regency": 6, "district": 44, "village": 267}
    for length, (level, count) in zip((4, 6, 10), levels.items(), strict=True):
        codes = [by_code(f"{code:0{length}d}", "kemendagri") for code in _codes(length)]
        found = [region for region in codes if region is not None]
        assert len(found) == count
        assert {region.level for region in found} == {level}
    assert all(by_name(name, "village") for name in KELURAHAN)
    for kemendagri, bps in regencies().items():
        assert by_code(kemendagri, "kemendagri") == by_code(bps, "bps")


def _codes(length: int) -> list[int]:
    regencies = [3101, *range(3171, 3176)]
    if length == 4:
        return regencies
    districts = [code * 100 + number for code in regencies for number in range(1, 13)]
    if length == 6:
        return districts
    return [code * 10_000 + 1000 + number for code in districts for number in range(1, 14)]


@pytest.mark.parametrize(
    "name",
    ["KOTA ADM. JAKARTA SELATAN", "Jaksel", "Kota Administrasi Jakarta Selatan", "JAKARTA SELATAN"],
)
def test_many_ways_to_write_one_city(name: str) -> None:
    assert [region.kemendagri for region in by_name(name)] == ["3174"]


def test_spaces_do_not_matter_and_parents_do() -> None:
    assert by_name("Kramat Jati", "district") == by_name("KRAMATJATI", "district")
    assert {region.level for region in by_name("Gambir")} == {"district", "village"}
    south = by_code("31.74", "kemendagri")
    assert south is not None
    assert by_name("Gambir", parent=south) == []


def test_a_charter_knows_the_years_of_the_books_that_the_encoder_reads() -> None:
    for book, year in BOOK_YEARS.items():
        assert VINTAGES[book].endswith(str(year))
