"""Synthetic people of any region: its places, nobody's NIK, and Jakarta as it always was."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from encoder.encoding.canaries.town import draw_town, town_region
from encoder.encoding.canaries.versions import rows_in
from encoder.encoding.terms import identifiers
from encoder.normalise.places import place
from encoder.synthetic import SOURCES, population, write_sources
from encoder.synthetic.places import DKI, places
from policy.base.errors import BadInput
from policy.charter import CanariesLikeTheList
from policy.regions import find, inside, provinces
from policy.statements import DatasetCommitment, ListShape
from tests.support.canaries import FOUR, LIKE_THE_LIST, charter_of
from tests.support.programme import command
from tests.support.republic import charter_from, charter_tree

# Of 600 residents, by the build before other regions: people, errors and couples.
JAKARTA_BEFORE = "18f9380adbb9e9c12f70525173921ec5c8406a2842636d8d25399b49d88b7c19"


def test_jakarta_has_the_same_people_and_errors_as_before(tmp_path: Path) -> None:
    write_sources(tmp_path, 600, 5, tuple(SOURCES), details=True, hard=3)
    made = [(tmp_path / name).read_bytes() for name in ("people.csv", "truth.csv", "hard.csv")]
    assert hashlib.sha256(b"".join(made)).hexdigest() == JAKARTA_BEFORE


@pytest.mark.parametrize("region", ["3273", "94", "32"])
def test_people_live_in_the_region_and_have_nobodys_nik(region: str) -> None:
    people = population(3000, 2, region)
    here = {(each.name.upper(), each.code[:4]) for each in inside(region, "village")}
    assert {(p.kelurahan, p.region) for p in people} <= here
    assert len({p.region for p in people}) == len(list(inside(region, "regency")))
    niks = [p.nik for p in people if p.nik]
    assert len(set(niks)) == len(niks) > 2700
    assert all(nik[4] == "9" for nik in niks)
    assert sum(nik.startswith(region) for nik in niks) > 0.55 * len(niks)


def test_regencies_have_people_by_their_residents() -> None:
    people = population(6000, 3, "94")
    total = sum(each.residents for each in inside("94", "regency"))
    for each in inside("94", "regency"):
        share = sum(p.region == each.code for p in people) / len(people)
        assert share == pytest.approx(each.residents / total, abs=0.03)


def test_sources_carry_codes_of_the_region_and_their_book(tmp_path: Path) -> None:
    write_sources(tmp_path, 400, 1, ("regsosek", "dtsen", "p3ke"), region="3273")
    regsosek = rows(tmp_path / "regsosek.csv", ",")
    # No BPS code is known here: dots say that the code is Kemendagri's.
    assert {row["102_kab_kota"] for row in regsosek} == {"32.73"}
    assert {r["kode_kabupaten_kota_ktp"] for r in rows(tmp_path / "dtsen.csv", "|")} == {"3273"}
    assert {r["provinsi"] for r in rows(tmp_path / "p3ke.csv", ",")} == {"JAWA BARAT"}


def rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_every_province_and_regency_can_be_drawn() -> None:
    """People who move need a second name to move to, and every place has an operator."""
    for province in provinces():
        where = places(province.code)
        for region in where.regions:
            assert len(set(region.kelurahan)) > 1
        assert set(where.kelurahan) == set(where.numbers)
        assert where.origins


def test_the_command_names_the_region_and_refuses_an_unknown_one(tmp_path: Path) -> None:
    told = command("padan-encoder", "--json", "synth", str(tmp_path / "a"), "--persons", "50",
                   "--region", "32.73")  # fmt: skip
    assert told.json()[0]["region"] == "3273"
    refused = command("padan-encoder", "synth", str(tmp_path / "b"), "--region", "3299")
    assert refused.error is not None
    assert refused.error.code == "region.unknown"
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("region", "lives"),
    [
        (None, DKI),
        (("31", "kemendagri", 2019), DKI),
        (("3273", "kemendagri", 2019), DKI),  # a charter of an earlier build
        (("3273", "bps", 2025), DKI),
        (("3299", "kemendagri", 2025), DKI),
        (("3273", "kemendagri", 2025), "3273"),
        (("94", "kemendagri", 2025), "94"),
        (("327301", "kemendagri", 2025), "3273"),
    ],
)
def test_canaries_live_where_the_charter_says(
    region: tuple[str, str, int] | None, lives: str
) -> None:
    named = None
    if region is not None:
        named = dict(zip(("code", "codebook", "vintage"), region, strict=True))
    assert town_region(charter_from(charter_tree() | {"region": named})) == lives


def test_places_of_no_region_are_refused() -> None:
    with pytest.raises(BadInput):
        places("3299")
    assert find("3273").code == places("3273").regions[0].code


@pytest.mark.parametrize("law", ["padan-law-1", "padan-law-2"])
def test_projects_of_earlier_laws_keep_the_canaries_that_they_have(law: str) -> None:
    region = {"code": "3273", "codebook": "kemendagri", "vintage": 2025}
    named = charter_from(charter_tree() | {"region": region})
    assert town_region(named) == "3273"
    assert town_region(named.model_copy(update={"law": law})) == DKI


@pytest.mark.parametrize(("vintage", "at_home"), [(2025, True), (2019, False)])
def test_canaries_rows_have_the_places_of_the_charters_region(vintage: int, at_home: bool) -> None:
    """A canary that lives in another city than all people could be told by its place alone.

    Charters of earlier builds keep the canaries that those builds drew: those of Jakarta.
    """
    tree = charter_of(FOUR, LIKE_THE_LIST).model_dump(mode="json")
    tree["region"] = {"code": "94", "codebook": "kemendagri", "vintage": vintage}
    charter = charter_from(tree)
    missing = {each.name: 0 for each in charter.fields}
    shape = ListShape(canaries=60, missing=missing, on_a_card=20)
    committed = DatasetCommitment(handle_root="00" * 32, count=1060, shape=shape)
    lists = dict.fromkeys(charter.dataset_ids, committed)
    terms = charter.encoding.canaries
    assert isinstance(terms, CanariesLikeTheList)
    town = draw_town(charter, terms, b"s" * 32, lists)
    here = {place(each.name) for each in inside("94", "village")}
    column = identifiers(charter).index("kelurahan")
    for name in charter.dataset_ids:
        found = {row[column] for row in rows_in(charter, town, b"s" * 32, name, committed)} - {""}
        assert len(found) > 10
        assert (found <= here) is at_home
