"""People who agree in the encoded fields: prepared, withdrawn and sent again as themselves."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.programme import PROJECT, Programme, expect

HEADER = ["id", "nama", "lahir", "jk", "kelurahan", "nik", "kk", "rtrw", "ibu"]
MAPPING = "record_id: {record_id}\nfields:\n" + "".join(f"  {f}: {f}\n" for f in HEADER[1:])
NIK = "3175995303526607"
Row = dict[str, str]


def person(id_: str, nama: str, **more: str) -> Row:
    return {"id": id_, "nama": nama, "jk": "L", "kelurahan": "Kramat Jati", **more}


HASAN = person("A-fa0x", "ALI BIN HASAN", lahir="01-07-1960", rtrw="003/006")
UMAR = person("A-fa0y", "ALI BIN UMAR", lahir="01-07-1960", rtrw="003/006")
TWICE = {"lahir": "13-03-1952", "nik": NIK, "rtrw": "007/006"}
SHARED = [person("s1", "WATI KUSUMA", **TWICE), person("s2", "WATI KUSUMA", **TWICE)]
# Names that shorten to the same: B., BIN, BINTI and parentheses.
ALIKE = [
    person("1", "AGUS B. SANTOSO", rtrw="010/001"),
    person("2", "AGUS B. WIBOWO", rtrw="010/001"),
    person("3", "ALI BIN HASAN", rtrw="005/004"),
    person("4", "ALI BIN UMAR", rtrw="005/004"),
    person("5", "SITI BINTI AHMAD", lahir="01-07-1960"),
    person("6", "SITI BINTI KARIM", lahir="01-07-1960"),
    person("7", "SUPARNO (PARNO)", rtrw="006/001"),
    person("8", "SUPARNO (NOTO)", rtrw="006/001"),
]
UNKNOWN = [
    person(f"x{at}", name)
    for at, name in enumerate(["MR X", "MR. X", "Mr X", "X", "X", "ODGJ", "ODGJ", "BAYI NY SITI"])
]
REPEATED = [
    person("r1", "DEDI HANDAYANI", lahir="23-03-1958"),
    person("r2", "RINA PURNAMA", lahir="09-03-1960"),
    person("r1", "SITI SAPUTRA", lahir="02-10-1968"),
    person("r2", "RINA PURNAMA", lahir="09-03-1960"),
]


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("identity"), persons=300)
    programme.reach("signed")
    with programme.serving():
        yield programme


def write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, HEADER, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def prepare(
    programme: Programme,
    folder: Path,
    rows: list[Row],
    *more: str,
    record_id: str = "id",
    extra: str = "",
    code: int = 0,
) -> Any:
    mapping = folder / "m.yaml"
    mapping.write_text(MAPPING.format(record_id=record_id) + extra)
    file = str(write(folder / "rows.csv", rows))
    arguments = ("prepare", PROJECT, "dtks", file, "--mapping", str(mapping), *more)
    return said(programme, *arguments, code=code)


def said(programme: Programme, *arguments: str, code: int = 0) -> Any:
    answer = programme.run("dinsos", "padan-encoder", *arguments, code=code)
    return answer if code else answer.json()[-1]


def listed(folder: Path, *ids: str) -> str:
    path = folder / "ids.txt"
    path.write_text("\n".join(ids))
    return str(path)


def counts(found: dict[str, Any]) -> tuple[int, int, dict[str, int]]:
    return found["people"], found["collapsed"], found["refused"]


def test_names_that_shorten_to_the_same_stay_apart(programme: Programme, tmp_path: Path) -> None:
    assert counts(prepare(programme, tmp_path, ALIKE)) == (8, 0, {})


def test_unknown_people_stay_apart_or_are_refused(programme: Programme, tmp_path: Path) -> None:
    for record_id in ("id", "null"):
        found = prepare(programme, tmp_path, [*UNKNOWN, HASAN], "--yes", record_id=record_id)
        assert found["collapsed"] == 0
        assert found["people"] + sum(found["refused"].values()) == len(UNKNOWN) + 1


def test_a_line_that_was_exported_twice_is_one_person(programme: Programme, tmp_path: Path) -> None:
    doubled = [*ALIKE, ALIKE[0], UNKNOWN[0], UNKNOWN[0]]
    found = prepare(programme, tmp_path, doubled)
    assert (found["people"] + sum(found["refused"].values()), found["collapsed"]) in (
        (9, 2),
        (10, 1),
    )


def test_repeated_record_ids_are_refused_unless_the_mapping_says_so(
    programme: Programme, tmp_path: Path
) -> None:
    """One id is on two people; the other is on one line that was exported twice."""
    kept = prepare(programme, tmp_path, ALIKE)
    for suppress in ((), ("--suppress", listed(tmp_path, "r1"))):
        error = expect(
            prepare(programme, tmp_path, REPEATED, *suppress, code=3), "file.record-id-repeated"
        )
        assert "1 record ids are those of more than one person, on 2 rows: 2, 4" in error.problem.en
    # What was prepared before is still there.
    store = programme.home("dinsos") / "projects" / PROJECT / "prepared" / "dtks.sqlite"
    assert store.exists()
    assert said(programme, "refused", PROJECT, "dtks")["rules"] == []
    assert counts(kept) == (8, 0, {})
    found = prepare(programme, tmp_path, REPEATED, extra="repeated_ids: keep\n")
    assert counts(found) == (3, 1, {})


def test_an_id_of_two_people_takes_both_only_if_that_is_said(
    programme: Programme, tmp_path: Path
) -> None:
    keep = {"extra": "repeated_ids: keep\n"}
    by_id = ("--suppress", listed(tmp_path, "r1"))
    refused = prepare(programme, tmp_path, REPEATED, *by_id, code=4, **keep)
    assert "rows 1, 3" in expect(refused, "ids.several-people").problem.en
    both = prepare(programme, tmp_path, REPEATED, *by_id, "--every-row", **keep)
    assert counts(both) == (1, 1, {"suppressed": 2})
    by_number = ("--suppress", listed(tmp_path, "3"), "--row-numbers")
    assert counts(prepare(programme, tmp_path, REPEATED, *by_number, **keep)) == (
        2,
        1,
        {"suppressed": 1},
    )
    # A line that was exported twice is one person.
    line = ("--suppress", listed(tmp_path, "r2"))
    found = prepare(programme, tmp_path, REPEATED, *line, **keep)
    assert counts(found) == (2, 0, {"suppressed": 2})


def test_row_numbers_are_taken_only_if_that_is_said(programme: Programme, tmp_path: Path) -> None:
    by_number = ("--suppress", listed(tmp_path, "1", "0003", "99"))
    refused = prepare(programme, tmp_path, ALIKE, *by_number, record_id="null", code=4)
    expect(refused, "ids.row-numbers")
    found = prepare(programme, tmp_path, ALIKE, *by_number, "--row-numbers", record_id="null")
    assert counts(found) == (6, 0, {"suppressed": 2})
    assert found["unknown_ids"] == 1


def test_an_objection_of_one_record_leaves_the_persons_other_record(
    programme: Programme, tmp_path: Path
) -> None:
    suppress = ("--suppress", listed(tmp_path, "s1"))
    found = prepare(programme, tmp_path, [*SHARED, HASAN, UMAR], *suppress)
    assert counts(found) == (3, 0, {"suppressed": 1})
    assert found["shared"] == [{"gone": [1], "stay": [2]}]
    text = programme.run("dinsos", "padan-encoder", "subject", PROJECT, "--record-id", "s2").json()
    (dtks,) = (each for each in text[-1]["datasets"] if each["dataset"] == "dtks")
    assert (dtks["rows"], dtks["same_person"], dtks["people"]) == ([2], [], 1)
