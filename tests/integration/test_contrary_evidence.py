"""Two lists through the whole programme: who contradicts is to be verified, and never certain."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.support.pairs import Entry
from tests.support.programme import PROJECT, Programme

RINA = Entry()
MOTHER = Entry(
    nama="SITI AMINAH", lahir="14-03-1996", nik="3174995403960001", kk="3174991501150003"
)
HARD = {
    "twins": (RINA, replace(RINA, nama="RINI WULANDARI", nik="3175995403900002")),
    "siblings": (
        Entry(nama="MUHAMMAD RIZKI", lahir="01-02-2001", jk="L", nik="3173990102010001"),
        Entry(nama="MUHAMMAD RIZKA", lahir="17-09-2004", nik="3173995709040001"),
    ),
    "siblings-undocumented": (
        Entry(nama="DEWI SARTIKA", lahir="11-05-1999", nik="", kk="3172991501150009"),
        Entry(nama="DEWI SARTINA", lahir="23-10-2003", nik="", kk="3172991501150009"),
    ),
    "namesakes": (
        Entry(
            nama="SLAMET RAHARJO", lahir="09-08-1971", jk="L", nik="3171990908710001",
            kk="3171990101150001", rtrw="009/002", ibu="PAINEM",
        ),
        Entry(
            nama="SLAMET RAHARJO", lahir="20-12-1958", jk="L", nik="3171982012580003",
            kk="3171990707190004", rtrw="009/002", ibu="WAGIYEM",
        ),
    ),
    "baby-with-her-nik": (
        MOTHER,
        replace(MOTHER, nama="BAYI NY SITI AMINAH", lahir="02-05-2025", jk="L", ibu="SITI AMINAH"),
    ),
    "baby-on-her-card": (
        replace(MOTHER, nama="TUTI HERAWATI", nik="3176995403960001", kk="3176991501150003"),
        Entry(
            nama="BAYI NY TUTI HERAWATI", lahir="30-06-2025", nik="", kk="3176991501150003",
            ibu="TUTI HERAWATI",
        ),
    ),
}  # fmt: skip
ONE = Entry(nama="YULIANA PERMATASARI", lahir="03-03-1983", nik="3175984303830001", ibu="KARSIH")
TRUE = {
    "without-nik": (replace(ONE, nik=""), ONE),
    "both-without": (
        replace(ONE, nama="BAMBANG SUGENG", jk="L", nik=""),
        replace(ONE, nama="BAMBANG SUGENG", jk="L", nik="", lahir=""),
    ),
    "mistyped": (
        replace(ONE, nama="AGUS SETIAWAN", jk="L", nik="3175980303830004"),
        replace(ONE, nama="AGUS SETIAWAN", jk="L", nik="3175980303830104"),
    ),
}


@pytest.mark.thorough("unit/test_contradictions.py::test_what_contradicts_under_another_name")
def test_people_in_one_list_only_are_never_certain(tmp_path: Path) -> None:
    programme = Programme(tmp_path, persons=900)
    programme.found()
    couples = {**HARD, **TRUE}
    for number, (name, (one, other)) in enumerate(couples.items()):
        home = {"kelurahan": "KEBON PALA", "rtrw": f"{number + 1:03d}/011"}
        add(programme, "regsosek", name, replace(one, **home))
        add(programme, "dtks", name, replace(other, **home))
    with programme.serving():
        tree = programme.charter_tree()
        tree["release"]["grades"] = True
        programme.sign_charter(tree)
        programme.agree()
        programme.upload()
        programme.match("padan-1")
        approvers = ("bps-approver", "dppapp-approver")
        programme.release("rilis-1", "padan-1", *approvers, domains=("dtks-regsosek",))
        programme.witness()
        for party in ("bps", "dinsos"):
            programme.run(party, "padan-encoder", "open", PROJECT, "rilis-1")
    ids = {dataset: ids_of(programme, dataset) for dataset in ("regsosek", "dtks")}
    found = {
        name: ids["dtks"][name]["kepastian"]
        for name in couples
        if name in ids["dtks"]
        and ids["dtks"][name]["match_id"] == ids["regsosek"].get(name, {}).get("match_id")
    }
    assert found == {**dict.fromkeys(HARD, "perlu diperiksa"), **dict.fromkeys(TRUE, "pasti")}
    the_list_says_whom_to_check(programme)


def the_list_says_whom_to_check(programme: Programme) -> None:
    """In the words of the list, and on a sheet or in a file of their own."""
    out, column = programme.folder / "daftar.xlsx", "dikonfirmasi Regsosek"
    asked = ("list", PROJECT, "rilis-1", "dtks", "--out")
    [told] = programme.run("dinsos", "padan-encoder", *asked, str(out)).json()
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[:3] == ["ditemukan", "perlu dicek", "belum ditemukan"]
    found, check, unknown = (list(sheet.values) for sheet in book.worksheets[:3])
    assert [len(rows) - 1 for rows in (found, check, unknown)] == [
        *(told["found"], told["to_check"], told["not_found"])
    ]
    at, name = found[0].index(column), found[0].index("IDSEMESTA")
    said = {row[name]: row[at] for row in found[1:] if row[name] in {*HARD, *TRUE}}
    assert said == {**dict.fromkeys(HARD, "perlu dicek"), **dict.fromkeys(TRUE, "ya")}
    assert set(HARD) <= {row[name] for row in check[1:]}
    assert {row[at] for row in check[1:]} == {"perlu dicek"}
    assert {row[at] for row in unknown[1:]} == {"tidak"}
    alone = programme.folder / "periksa.csv"
    [told] = programme.run(
        "dinsos", "padan-encoder", *asked, str(alone), "--people", "to-check"
    ).json()
    assert told["files"] == [str(alone)]
    assert told["rows"] == len(check) - 1


def ids_of(programme: Programme, dataset: str) -> dict[str, dict[str, str]]:
    owner = {"regsosek": "bps", "dtks": "dinsos"}[dataset]
    out = programme.folder / f"ids-{dataset}.csv"
    asked = ("ids", PROJECT, "rilis-1", dataset, "--domain", "dtks-regsosek", "--out", str(out))
    programme.run(owner, "padan-encoder", *asked)
    with out.open(newline="", encoding="utf-8") as file:
        return {row["record_id"]: row for row in csv.DictReader(file)}


def add(programme: Programme, dataset: str, record_id: str, entry: Entry) -> None:
    """One line more in a source, as that source writes people."""
    rt, rw = entry.rtrw.split("/")
    sex = {"L": "1", "P": "2"}[entry.jk]
    if dataset == "regsosek":
        born = datetime.strptime(entry.lahir, "%d-%m-%Y").date() if entry.lahir else None
        birth = [str(born.day), str(born.month), str(born.year)] if born else [""] * 3
        cells = [
            record_id, entry.nama, entry.nik, sex, *birth, "1", "JL MELATI", "3175",
            entry.kelurahan, f"RT {rt} RW {rw}", entry.kk, "1", "0",
            *[""] * 5,
        ]  # fmt: skip
    else:
        cells = [
            record_id, entry.kk, entry.nik, entry.nama, entry.lahir, entry.jk, entry.ibu,
            "JL MELATI", rt, rw, entry.kelurahan, "YA", "TIDAK",
        ]  # fmt: skip
    path = programme.folder / "sources" / f"{dataset}.csv"
    with path.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter="," if dataset == "regsosek" else ";").writerow(cells)
