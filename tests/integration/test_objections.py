"""Objections after the upload reach the rows that were named, in this file and in later ones."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.programme import PROJECT, Programme, expect

Rows = list[dict[str, str]]
NIK = "3175995303526607"


def person(template: dict[str, str], record_id: str, name: str, **more: str) -> dict[str, str]:
    empty = dict.fromkeys(template, "")
    return {**empty, "IDSEMESTA": record_id, "Nama": name, "JK": "L", **more}


@pytest.fixture
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("objections"), persons=900)
    programme.found()
    source = programme.folder / "sources" / "dtks.csv"
    write(source, [*read(source), *agreeing(read(source)[0])])
    with programme.serving():
        programme.sign_charter()
        programme.agree()
        programme.upload()
        yield programme


def agreeing(template: dict[str, str]) -> Rows:
    """Two people whose names shorten to the same, and one person under two record ids."""
    where = {"desa_kelurahan": "Kramat Jati", "rt": "003", "rw": "006", "Tgl Lahir": "01-07-1960"}
    return [
        person(template, "hasan", "ALI BIN HASAN", **where),
        person(template, "umar", "ALI BIN UMAR", **where),
        person(template, "s1", "WATI KUSUMA", **where, NIK=NIK),
        person(template, "s2", "WATI KUSUMA", **where, NIK=NIK),
    ]


def read(path: Path) -> Rows:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def dinsos(programme: Programme, *arguments: str, code: int = 0) -> Any:
    answer = programme.run("dinsos", "padan-encoder", *arguments, code=code)
    return answer if code else answer.json()[-1]


def withdraw(programme: Programme, *ids: str, code: int = 0) -> Any:
    path = programme.folder / "ids.txt"
    path.write_text("\n".join(ids))
    return dinsos(programme, "withdraw", PROJECT, "dtks", "--ids", str(path), code=code)


def subject(programme: Programme, record_id: str, *more: str) -> dict[str, Any]:
    answer: dict[str, Any] = dinsos(programme, "subject", PROJECT, "--record-id", record_id, *more)
    return answer


def of_dtks(answer: dict[str, Any]) -> dict[str, Any]:
    (found,) = (each for each in answer["datasets"] if each["dataset"] == "dtks")
    return dict(found)


def test_objections_after_the_upload(programme: Programme, tmp_path: Path) -> None:
    """One story: each step goes on from the one before it."""
    one_of_two_people_with_similar_names_leaves(programme)
    one_of_two_records_of_a_person_leaves(programme, tmp_path)
    a_later_file_leaves_out_the_rows_that_objected_and_no_others(programme, tmp_path)
    the_last_record_of_a_person_takes_the_person_out(programme)


def one_of_two_people_with_similar_names_leaves(programme: Programme) -> None:
    found = withdraw(programme, "hasan")
    assert (found["withdrawn"], found["rows"], found["shared"]) == (1, 1, [])
    assert of_dtks(subject(programme, "hasan"))["stands"] is False
    assert of_dtks(subject(programme, "umar"))["stands"] is True
    expect(withdraw(programme, "hasan", code=3), "withdraw.already")


def one_of_two_records_of_a_person_leaves(programme: Programme, tmp_path: Path) -> None:
    rows = read(programme.folder / "sources" / "dtks.csv")
    at = {row["IDSEMESTA"]: number for number, row in enumerate(rows, 1)}
    page = tmp_path / "trace.md"
    # The charter rests on a public task: there is no consent to withdraw.
    refused = ("subject", PROJECT, "--record-id", "s1", "--right", "withdraw")
    expect(dinsos(programme, *refused, code=3), "subject.no-consent")
    before = subject(programme, "s1", "--right", "object")
    assert of_dtks(before)["same_person"] == [at["s2"]]
    assert any(f"Row {at['s2']} is the same person's" in a["what"]["en"] for a in before["actions"])
    (command,) = (a["command"] for a in before["actions"] if " withdraw " in a["command"])
    found = programme.run("dinsos", *shlex.split(command)).json()[-1]
    assert (found["withdrawn"], found["rows"]) == (0, 1)
    assert found["shared"] == [{"gone": [at["s1"]], "stay": [at["s2"]]}]
    expect(withdraw(programme, "s1", code=3), "withdraw.already")
    assert of_dtks(subject(programme, "s1", "--out", str(page)))["stands"] is False
    assert f"baris {at['s2']} memuat orang yang sama dan tetap ikut" in page.read_text()
    assert of_dtks(subject(programme, "s2"))["stands"] is True


def a_later_file_leaves_out_the_rows_that_objected_and_no_others(
    programme: Programme, tmp_path: Path
) -> None:
    """The person of s1 comes under a new id too; a new umar has the content of hasan's row."""
    rows = read(programme.folder / "sources" / "dtks.csv")
    hasan, umar, first, second = rows[-4:]
    again = {**first, "IDSEMESTA": "s9"}
    namesake = {**hasan, "IDSEMESTA": "hasan-2"}
    file = write(tmp_path / "later.csv", [again, namesake, umar, hasan, second, first, *rows[:-4]])
    found = dinsos(programme, "delta", PROJECT, "dtks", str(file))
    assert found["refused"] == {"suppressed": 2, "objected-under-another-id": 1}
    assert (found["added"], found["changed"], found["withdrawn"]) == (1, 0, 0)
    told = dinsos(programme, "refused", PROJECT, "dtks")["rules"]
    assert {each["rule"]: each["first"] for each in told if each["outcome"] == "refused"} == {
        "suppressed": [4, 6],
        "objected-under-another-id": [1],
    }
    assert any("under another id" in each["why"]["en"] for each in told)


def the_last_record_of_a_person_takes_the_person_out(programme: Programme) -> None:
    found = withdraw(programme, "s2", "nobody")
    assert (found["withdrawn"], found["rows"], found["unknown_ids"]) == (1, 1, 1)
    assert found["delta_dropped"]
    assert of_dtks(subject(programme, "s2"))["stands"] is False
