"""A by-name list of a source without record ids, after the source was sorted, edited and moved."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.programme import OWNER, PROJECT, TUTORIAL, Programme, expect, the_same_keys

Rows = list[dict[str, str]]
DOMAIN = "dtks-regsosek"
ID = f"id_padanan_{DOMAIN}"


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("lists"), persons=900)
    programme.found()
    with programme.serving():
        programme.sign_charter()
        for dataset in OWNER:
            if dataset != "dtks":
                programme.prepare(dataset)
        text = (TUTORIAL / "mapping-dtks.yaml").read_text(encoding="utf-8")
        mapping = programme.folder / "by-number.yaml"
        mapping.write_text(text.replace("record_id: IDSEMESTA", "record_id: null"))
        arguments = ("prepare", PROJECT, "dtks", str(source(programme)), "--mapping", str(mapping))
        dinsos(programme, *arguments)
        programme.each("padan-encoder", "commit", PROJECT)
        programme.witness()
        programme.each("padan-encoder", "reveal", PROJECT)
        with the_same_keys():
            programme.each("padan-encoder", "confirm", PROJECT)
        programme.witness()
        programme.upload()
        programme.match("padan-1")
        programme.release(
            "rilis-1", "padan-1", "bps-approver", "dppapp-approver", domains=(DOMAIN,)
        )
        programme.witness()
        dinsos(programme, "open", PROJECT, "rilis-1")
        # The officer cleans up: the list needs what was frozen, and not this file.
        mapping.unlink()
        yield programme


def source(programme: Programme) -> Path:
    return programme.folder / "sources" / "dtks.csv"


def dinsos(programme: Programme, *arguments: str, code: int = 0) -> Any:
    answer = programme.run("dinsos", "padan-encoder", *arguments, code=code)
    return answer if code else answer.json()[-1]


def read(path: Path, delimiter: str = ";") -> Rows:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def write(path: Path, rows: Rows) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def listed(programme: Programme, out: Path, *more: str, code: int = 0) -> Any:
    """Match ID by the record id that the mapping does not name."""
    wanted = ("--out", str(out), "--column", "IDSEMESTA", "--column", "Alamat", *more)
    answer = dinsos(programme, "list", PROJECT, "rilis-1", "dtks", *wanted, code=code)
    if code:
        assert not out.exists()
        return answer
    return {row["IDSEMESTA"]: row[ID] for row in read(out, ",")}


def test_who_is_listed_does_not_depend_on_the_order_of_the_file(
    programme: Programme, tmp_path: Path
) -> None:
    rows = read(source(programme))
    before = listed(programme, tmp_path / "before.csv")
    assert len(before) > 50
    by_name = sorted(rows, key=lambda row: (row["Nama"], row["IDSEMESTA"]))
    try:
        write(source(programme), [{**row, "Alamat": "PINDAH"} for row in by_name])
        assert listed(programme, tmp_path / "after.csv") == before
        assert {row["Alamat"] for row in read(tmp_path / "after.csv", ",")} == {"PINDAH"}
        moved = source(programme).rename(programme.folder / "moved.csv")
        gone = expect(listed(programme, tmp_path / "gone.csv", code=3), "file.moved")
        assert "--source" in gone.hint.en
        there = ("--source", str(moved))
        assert listed(programme, tmp_path / "moved.csv", *there) == before
    finally:
        write(source(programme), rows)


def test_another_file_at_the_place_gives_no_list(programme: Programme, tmp_path: Path) -> None:
    rows = read(source(programme))
    before = listed(programme, tmp_path / "before.csv")
    person = next(row for row in rows if row["IDSEMESTA"] in before and row["NIK"])
    try:
        write(source(programme), [{**row, "Nama": f"{row['Nama']} X", "NIK": ""} for row in rows])
        swapped = expect(listed(programme, tmp_path / "out.csv", code=3), "file.changed")
        assert f"{len(before)} have changed or are gone" in swapped.problem.en
        edited = [{**row, "Nama": "QUXO WIRAYU"} if row == person else row for row in rows]
        write(source(programme), edited)
        refused = expect(listed(programme, tmp_path / "out.csv", code=3), "file.changed")
        assert "1 have changed or are gone" in refused.problem.en
        left = listed(programme, tmp_path / "left.csv", "--despite-changes")
        assert left == {each: id_ for each, id_ in before.items() if each != person["IDSEMESTA"]}
    finally:
        write(source(programme), rows)


def test_row_numbers_are_withdrawn_only_if_that_is_said(
    programme: Programme, tmp_path: Path
) -> None:
    ids = tmp_path / "ids.txt"
    times = Counter(row["NIK"] for row in read(source(programme)))
    rows = enumerate(read(source(programme)), 1)
    number = next(at for at, row in rows if row["NIK"] and times[row["NIK"]] == 1)
    ids.write_text(str(number))
    arguments = ("withdraw", PROJECT, "dtks", "--ids", str(ids))
    expect(dinsos(programme, *arguments, code=4), "ids.row-numbers")
    subject = dinsos(
        programme, "subject", PROJECT, "--record-id", str(number), "--right", "restrict"
    )
    (command,) = (a["command"] for a in subject["actions"] if " withdraw " in a["command"])
    assert command.endswith("--row-numbers")
    assert dinsos(programme, *arguments, "--row-numbers")["withdrawn"] == 1
