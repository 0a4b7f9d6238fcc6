"""Which rows are one person."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from encoder.source.mapping import Mapping
from encoder.steps.prepare import Pass
from encoder.store.prepared import PreparedDataset, Reconciliation
from tests.benchmarks.quality.methods import default_charter

CHARTER = default_charter()
HEADER = ["id", "nama", "lahir", "jk", "kelurahan", "nik", "kk", "rtrw", "ibu"]
MAPPING = Mapping(record_id="id", fields={name: name for name in HEADER[1:]})
NIK = "3175995303526607"
FIRST = {"nama": "ALI BIN HASAN", "jk": "L", "kelurahan": "Kramat Jati", "rtrw": "005/004"}


def frozen(
    tmp_path: Path, *rows: dict[str, str], mapping: Mapping = MAPPING, workers: int = 1
) -> Reconciliation:
    path = tmp_path / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, HEADER, restval="")
        writer.writeheader()
        writer.writerows({"id": f"r{at}", **row} for at, row in enumerate(rows, 1))
    pass_ = Pass(CHARTER, mapping, path, None, b"k" * 32, lambda _: None, workers=workers)
    people, refused = pass_.people(), pass_.refused
    store = PreparedDataset.freeze(tmp_path / "d.sqlite", people, refused, lambda _: [], {})
    return store.reconciliation()


@pytest.mark.parametrize(
    ("change", "people"),
    [
        ({}, 1),
        ({"nama": "ali  bin hasan"}, 1),
        ({"nama": "ALI BIN UMAR"}, 2),
        ({"nama": "ALI (HASAN)"}, 2),
        ({"nama": "H. ALI, S.E."}, 2),
        ({"ibu": "-"}, 1),
        ({"ibu": "SITI"}, 2),
        ({"rtrw": "006/004"}, 2),
    ],
)
def test_rows_without_a_nik_are_one_person_as_written(
    tmp_path: Path, change: dict[str, str], people: int
) -> None:
    found = frozen(tmp_path, FIRST, {**FIRST, **change})
    assert (found.people, found.collapsed) == (people, 2 - people)


def test_mothers_names_count_as_written(tmp_path: Path) -> None:
    mother = {**FIRST, "lahir": "01-07-1960"}
    assert frozen(tmp_path, {**mother, "ibu": "SITI"}, {**mother, "ibu": "HJ. SITI"}).people == 2


def test_a_valid_nik_is_one_person_however_the_name_is_written(tmp_path: Path) -> None:
    first = {**FIRST, "nik": NIK}
    assert frozen(tmp_path, first, {**first, "nama": "ALI BIN UMAR"}).people == 1
    assert frozen(tmp_path, first, {**first, "nama": "UMAR"}).people == 2
    assert frozen(tmp_path, first, FIRST).people == 2


@pytest.mark.parametrize("mark", "'’`")
def test_an_apostrophe_is_no_other_person(tmp_path: Path, mark: str) -> None:
    names = ("NUR'AINI", f"NUR{mark}AINI", "NURAINI")
    assert frozen(tmp_path, *({**FIRST, "nama": name} for name in names)).people == 1


def test_a_name_a_sex_and_a_village_are_no_person(tmp_path: Path) -> None:
    """Every BAYI NY SITI is another one, unless the line was exported twice."""
    unknown = {"nama": "BAYI NY SITI", "jk": "L", "kelurahan": "Cipayung"}
    again = {**unknown, "id": "r1"}
    assert frozen(tmp_path, unknown, unknown, again).people == 2
    by_number = MAPPING.model_copy(update={"record_id": None})
    assert frozen(tmp_path, unknown, unknown, again, mapping=by_number).people == 3


@pytest.mark.parametrize("name", ["BAYI NY SITI", "By. Ny. Siti", "BAYI"])
def test_newborns_without_a_name_are_no_one_person(tmp_path: Path, name: str) -> None:
    """Twins have their mother, her card and their birthday in common."""
    twin = {"nama": name, "lahir": "05-03-2024", "kk": "3175991710213840", "ibu": "SITI"}
    assert frozen(tmp_path, twin, twin, FIRST).collapsed == 0
    assert frozen(tmp_path, {**twin, "nik": NIK}, {**twin, "nik": NIK}, FIRST).people == 2


def test_rows_without_a_name_are_merged_by_their_nik_alone(tmp_path: Path) -> None:
    with_nik = {"nik": NIK, "lahir": "13-03-1952", "nama": "-"}
    assert frozen(tmp_path, with_nik, with_nik).people == 1


def test_all_processes_tell_people_apart_in_the_same_way(tmp_path: Path) -> None:
    rows = [{**FIRST, "nama": f"ALI BIN {name}"} for name in ("HASAN", "UMAR")]
    found = frozen(tmp_path, *(rows * 26_000), workers=2)
    assert (found.people, found.collapsed) == (2, 51_998)
