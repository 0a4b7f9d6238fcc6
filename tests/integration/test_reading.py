"""Files as offices send them, by the real commands: nothing is lost, changed or hidden silently."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.programme import OWNER, PROJECT, Answer, Programme, command
from tests.support.workbooks import workbook

FIELDS = ["nama", "lahir", "jk", "kelurahan", "nik", "kk", "rtrw", "ibu"]
HEADER = ["id", *FIELDS]
MAPPING = "record_id: id\nfields:\n" + "".join(f"  {name}: {name}\n" for name in FIELDS)
NAMES = "BUDI SITI DEWI AGUS RINA EKO FITRI GILANG INDAH JOKO".split()
SURNAMES = "SANTOSO WIBOWO LESTARI KARTIKA GUNAWAN".split()


def row(number: int, accents: bool = False) -> list[str]:
    name = f"{NAMES[number % 10]} {SURNAMES[number % 5]} {NAMES[number // 7 % 10]}"
    mother = f"{NAMES[(number + 3) % 10]} {SURNAMES[(number + 2) % 5]}"
    if accents:
        name, mother = name.replace("E", "É"), mother.replace("I", "Í")
    day, year = 1 + number % 28, 1950 + number % 50
    return [
        f"r{number:04}",
        name,
        f"{day:02}-03-{year}",
        "L",
        "Ciracas",
        f"317599{day:02}03{year % 100:02}{number + 1:04}",
        f"317599010110{number // 3 + 1:04}",
        "001/002",
        mother,
    ]


def rows(count: int, accents: bool = False) -> list[list[str]]:
    return [row(number, accents) for number in range(count)]


def text(lines: Sequence[Sequence[str]]) -> str:
    return "".join(",".join(line) + "\n" for line in lines)


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("programme"), persons=300)
    programme.reach("signed", programme.tree_of_any_size())
    with programme.serving():
        yield programme


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "m.yaml"
    path.write_text(MAPPING)
    return path


def prepare(
    programme: Programme, file: Path, mapping: Path, *options: str, code: int = 0
) -> Answer:
    arguments = ("prepare", PROJECT, "dtks", str(file), "--mapping", str(mapping), *options)
    return programme.run(OWNER["dtks"], "padan-encoder", *arguments, code=code)


def inspect(file: Path) -> dict[str, Any]:
    answer = command("padan-encoder", "--json", "inspect", str(file))
    assert answer.code == 0, answer.err
    found: dict[str, Any] = json.loads(answer.out)
    return found


def check(file: Path, mapping: Path) -> dict[str, Any]:
    answer = command("padan-encoder", "--json", "check", str(file), "--mapping", str(mapping))
    assert answer.code == 0, answer.err
    found: dict[str, Any] = json.loads(answer.out)
    return found


def warnings(found: dict[str, Any]) -> str:
    return "\n".join(each["en"] for each in found["warnings"])


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_one_bad_byte_costs_one_row(
    programme: Programme, tmp_path: Path, mapping: Path, mark: bytes
) -> None:
    file = tmp_path / "s.csv"
    bad = text([row(40)]).replace("BUDI", "JOS\u00c9").encode("cp1252")
    file.write_bytes(mark + text([HEADER, *rows(40, accents=True)]).encode() + bad)
    found = inspect(file)
    assert found["encoding"] == "utf-8"
    assert found["rules"] == [{"rule": "not-utf8", "rows": 1, "first_row": 41}]
    assert "Nearly all of the text is UTF-8" in warnings(found)
    assert "row 42" in warnings(found), "as the sheet numbers it"
    (said,) = prepare(programme, file, mapping).json()
    assert (said["rows_in"], said["people"]) == (41, 40)
    assert said["refused"] == {"not-utf8": 1}
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(MAPPING + "encoding: latin-1\n")
    answer = prepare(programme, file, wrong, code=3)
    assert answer.error is not None
    assert answer.error.code == "file.encoding-utf8"


@pytest.mark.parametrize(
    "again",
    [
        HEADER,
        ["\ufeffid", *FIELDS],
        [name.upper() for name in HEADER],
        [f" {name.title()} " for name in HEADER],
        [f"({number})" for number in range(1, 10)],
        ["", "JUMLAH", "", "", "", "", "", "", ""],
        ["TOTAL", "12 orang", "", "", "", "", "", "", ""],
        ["", "", "", "", "Jakarta, 12 Maret 2023", "", "", "", ""],
    ],
)
def test_what_is_no_person_is_refused_and_told(
    programme: Programme, tmp_path: Path, mapping: Path, again: list[str]
) -> None:
    file = tmp_path / "s.csv"
    body = rows(12)
    quoted = [f'"{cell}"' for cell in again]
    file.write_text(text([HEADER, *body[:6], quoted, *body[6:]]))
    (rule,) = inspect(file)["rules"]
    assert rule["rule"] in ("header-again", "total-line")
    assert (rule["rows"], rule["first_row"]) == (1, 7)
    (said,) = prepare(programme, file, mapping).json()
    assert (said["rows_in"], said["people"], said["refused"]) == (13, 12, {rule["rule"]: 1})


def test_a_list_with_other_names_of_columns(tmp_path: Path) -> None:
    header = ["No", "NIK", "Nama Lengkap", "Tanggal Lahir", "Jenis Kelamin", "Kelurahan", "No KK"]
    body = [[str(n + 1), r[5], r[1], r[2], r[3], r[4], r[6]] for n, r in enumerate(rows(12))]
    file = tmp_path / "s.csv"
    file.write_text(text([header, *body[:6], header, *body[6:]]))
    assert inspect(file)["rules"] == [{"rule": "header-again", "rows": 1, "first_row": 7}]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_preferred(tmp_path: Path, state: str) -> None:
    old = [[*HEADER, "alamat", "rt", "rw"], *rows(3)]
    sheets = {"lama": old, "Data": [HEADER, *rows(30)]}
    found = inspect(workbook(tmp_path / "s.xlsx", sheets, hidden={"lama": state}))
    assert (found["sheet"], found["rows_seen"]) == ("Data", 30)
    assert "Hidden sheets are not read: lama" in warnings(found)


def test_hidden_rows_are_told(programme: Programme, tmp_path: Path, mapping: Path) -> None:
    file = workbook(tmp_path / "s.xlsx", {"Data": [HEADER, *rows(30)]}, hidden_rows=range(2, 12))
    assert "10 hidden or filtered rows are read as well: row 2-11" in warnings(inspect(file))
    (said,) = prepare(programme, file, mapping).json()
    assert said["people"] == 30


def test_a_kk_merged_down_a_family_is_read_for_each(tmp_path: Path, mapping: Path) -> None:
    body = rows(30)
    for number, each in enumerate(body):
        if number % 3:
            each[4] = each[6] = each[7] = ""
    merged = [f"{c}{line}:{c}{line + 2}" for c in "EGH" for line in range(2, 32, 3)]
    file = workbook(tmp_path / "s.xlsx", {"Data": [HEADER, *body]}, merged=merged)
    assert "60 cells filled" in warnings(inspect(file))
    usable = {each["name"]: each for each in check(file, mapping)["profile"]["fields"]}
    for name in ("kk", "kelurahan", "rtrw"):
        assert usable[name]["empty"] == 0


@pytest.mark.parametrize("every", [1, 2])
def test_formulas_that_were_never_computed_are_told(
    programme: Programme, tmp_path: Path, mapping: Path, every: int
) -> None:
    body = rows(30)
    for each in body[::every]:
        each[5] = f'=TEXT("{each[5]}","@")'
    file = workbook(tmp_path / "s.xlsx", {"Data": [HEADER, *body]})
    count = 30 // every
    found = inspect(file)
    assert found["rules"] == [{"rule": "nik-uncomputed", "rows": count, "first_row": 1}]
    assert f"nik ({count})" in warnings(found)
    kept = tmp_path / "kept.yaml"
    kept.write_text(MAPPING + "damaged_identifiers: drop\n")
    (said,) = prepare(programme, file, kept, "--yes").json()
    assert (said["people"], said["kept_without_identifier"]) == (30, {"nik-uncomputed": count})
    if every == 1:
        answer = prepare(programme, file, mapping, code=3)
        assert answer.error is not None
        assert answer.error.code == "file.no-rows"
        return
    (said,) = prepare(programme, file, mapping, "--yes").json()
    assert (said["people"], said["refused"]) == (15, {"nik-uncomputed": 15})


def test_a_sheet_a_kelurahan_is_one_dataset(programme: Programme, tmp_path: Path) -> None:
    body = rows(30)
    total = ["JUMLAH", "", "", "", "", "", "", "", ""]
    sheets = {"Ciracas": [HEADER, *body[:10]], "Cawang": [HEADER, *body[10:], total]}
    file = workbook(tmp_path / "s.xlsx", {"Petunjuk": [["Isi semua kolom"]], **sheets})
    out = tmp_path / "proposed.yaml"
    answer = command("padan-encoder", "--json", "inspect", str(file), "--out", str(out))
    assert json.loads(answer.out)["rows_seen"] == 31
    assert 'sheets: ["Ciracas", "Cawang"]' in out.read_text(encoding="utf-8")
    (said,) = prepare(programme, file, out).json()
    assert (said["rows_in"], said["people"]) == (31, 30)
    where = tmp_path / "refused.csv"
    arguments = ("refused", PROJECT, "dtks", "--out", str(where))
    (told,) = programme.run(OWNER["dtks"], "padan-encoder", *arguments).json()
    assert told["sheets"] == [
        {"name": "Ciracas", "first_row": 1},
        {"name": "Cawang", "first_row": 11},
    ]
    assert "31,Cawang!22,refused,total-line" in where.read_text(encoding="utf-8")
