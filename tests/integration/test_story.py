"""The whole story through the real command lines and real HTTP, on both databases."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from pyarrow import parquet

from tests.support.programme import PROJECT, ROOT, Programme


def test_from_charter_to_audit(new_database_url: Callable[[], str], tmp_path: Path) -> None:
    programme = Programme(
        tmp_path, database_url=new_database_url(), workflow_url=new_database_url()
    )
    programme.found()
    with programme.serving():
        programme.sign_charter(with_two_encodings(programme))
        programme.agree()
        programme.upload()
        programme.match("padan-1")
        page = tmp_path / "calibration.html"
        asked = ("calibration", PROJECT, "padan-1", "--out", str(page))
        facts = programme.run("service", "padan-linkage", *asked).json()[0]
        known = [each["facts"] for each in facts["pairs"] if each["facts"] is not None]
        assert all(each["precision_ppm"]["estimate"] > 900_000 for each in known)
        assert 0 < len(known) == page.read_text(encoding="utf-8").count("<svg")

        approvers = ("bps-approver", "dinsos-approver")
        refused = programme.release("rilis-1", "padan-1", *approvers, final=True, code=4)
        assert refused.error is not None
        assert "release.approvals" in refused.error.problem.en
        programme.run("bps", "padan-encoder", "open", PROJECT, "rilis-1", code=4)

        programme.release("rilis-2", "padan-1", "bps-approver", "dppapp-approver")
        programme.witness()
        forms = set()
        for party in ("bps", "dinsos", "dppapp"):
            opened = programme.run(party, "padan-encoder", "open", PROJECT, "rilis-2").json()
            assert {each["canaries"] for each in opened} == {"all-as-expected"}
            forms |= {each["form"] for each in opened if each["dataset"] != "dtks"}
        assert forms == {"private-index"}
        programme.witness()
        evidence = tmp_path / "evidence.zip"
        programme.witness("auditor")
        programme.run("auditor", "padan-policy", "evidence", PROJECT, "--out", str(evidence))
        kept = tmp_path / "kept.txt"
        programme.run("auditor", "padan-policy", "checkpoint", PROJECT, "--out", str(kept))

    # From here on there is no service.
    people = tmp_path / "people.csv"
    arguments = ("list", PROJECT, "rilis-2", "dtks", "--out", str(people), "--column", "Alamat")
    listed = programme.run("dinsos", "padan-encoder", *arguments).json()[0]["rows"]
    with people.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == listed > 400
    assert {"Nama", "Alamat", "dikonfirmasi Regsosek atau Carik", "keadaan"} <= set(rows[0])
    same_list_in_other_forms(programme, rows, tmp_path)

    precision, recall = judge(programme, "dtks", "regsosek")
    # A few hundred pairs; how good matching is, is for `make bench-quality` to say.
    assert precision > 0.98
    assert recall > 0.85

    verified = programme.run(
        "bps-approver",
        "padan-policy",
        "verify",
        str(evidence),
        "--roster-digest",
        programme.digest,
        "--checkpoint",
        str(kept),
    )
    assert verified.json()[0]["exit_code"] == 0
    for missing in (("--roster-digest", programme.digest), ("--checkpoint", str(kept))):
        incomplete = programme.run(
            "bps-approver", "padan-policy", "verify", str(evidence), *missing, code=9
        )
        assert incomplete.json()[0]["exit_code"] == 9


def with_two_encodings(programme: Programme) -> dict[str, Any]:
    """The plain profile, with a second encoding a row: by name and birth date alone."""
    tree = programme.charter_tree()
    whole = json.loads((ROOT / "encoder" / "schemas" / "padan-id-1.json").read_text())
    schema = json.loads(json.dumps(whole))
    schema["features"] = [
        f
        if f["identifier"].startswith(("nama", "lahir"))
        else {"identifier": f["identifier"], "ignored": True}
        for f in schema["features"]
    ]
    schema["clkConfig"]["l"] = 512
    tree["encoding"]["profile"] = "plain"
    tree["encoding"]["encodings"] = [
        {"name": "utama", "linkage_schema": whole},
        {"name": "tanpa-tempat", "linkage_schema": schema},
    ]
    tree["matching"] = {
        "thresholds_ppm": {"utama": 860_000, "tanpa-tempat": 950_000},
        "nik_floor_ppm": 550_000,
    }
    return tree


def same_list_in_other_forms(
    programme: Programme, rows: list[dict[str, str]], folder: Path
) -> None:
    """For Excel, as a workbook and as Parquet: the same cells, every one of them text."""

    def written(name: str, *options: str) -> Path:
        out = folder / name
        arguments = ("list", PROJECT, "rilis-2", "dtks", "--column", "Alamat", "--out", str(out))
        programme.run("dinsos", "padan-encoder", *arguments, *options)
        return out

    cells = [list(rows[0]), *(list(row.values()) for row in rows)]
    sheet = openpyxl.load_workbook(written("people.xlsx")).active
    assert sheet is not None
    found = list(sheet.iter_rows())
    assert [[cell.value or "" for cell in row] for row in found] == cells
    assert {cell.data_type for row in found for cell in row if cell.value} == {"s"}
    table = parquet.read_table(written("people.parquet"))
    assert [list(row.values()) for row in table.to_pylist()] == cells[1:]
    with written("excel.csv", "--csv-for", "excel").open(encoding="utf-8-sig", newline="") as file:
        for_excel = list(csv.reader(file, delimiter=";"))
    at = cells[0].index("NIK")
    for shown, row in zip(for_excel[1:], rows, strict=True):
        if row["NIK"].isdecimal():
            assert shown[at] == f'="{row["NIK"]}"'
    for name in ("people.xls", "people.ods", "people"):
        arguments = ("list", PROJECT, "rilis-2", "dtks", "--out", str(folder / name))
        refused = programme.run("dinsos", "padan-encoder", *arguments, code=3)
        assert refused.error is not None
        assert refused.error.code == "out.ending"


def judge(programme: Programme, left: str, right: str) -> tuple[float, float]:
    """Precision and recall of one pair of sources in the domain of all."""
    owners = {"dtks": "dinsos", "regsosek": "bps"}
    people: dict[str, dict[str, str]] = {left: {}, right: {}}
    with (programme.folder / "sources" / "truth.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["source"] in people:
                people[row["source"]][row["record_id"]] = row["person"]
    ids: dict[str, dict[str, str]] = {}
    for dataset in (left, right):
        out = programme.folder / f"ids-{dataset}.csv"
        arguments = ("ids", PROJECT, "rilis-2", dataset, "--domain", "jakarta", "--out", str(out))
        programme.run(owners[dataset], "padan-encoder", *arguments)
        with out.open(newline="") as file:
            ids[dataset] = {
                row["match_id"]: people[dataset][row["record_id"]] for row in csv.DictReader(file)
            }
    found = [(ids[left][i], ids[right][i]) for i in ids[left].keys() & ids[right].keys()]
    truth = set(people[left].values()) & set(people[right].values())
    correct = {a for a, b in found if a == b}
    return len(correct) / len(found), len(correct) / len(truth)
