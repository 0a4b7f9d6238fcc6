"""`padan-encoder programme`: rule files, and lists from a table without a project."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.programme import Answer, command, expect
from tests.support.programme_rules import title, tree

NIK = "31759{:02d}107{:02d}00{:02d}"
HEADER = ["id", "nik", "no_kk", "nama", "tanggal_lahir", "desil", "bpnt"]


def run(*arguments: str | Path, code: int = 0) -> Answer:
    answer = command("padan-encoder", "--json", "programme", *map(str, arguments))
    assert answer.code == code, answer.err
    return answer


def household(number: int) -> str:
    return f"31759001012000{number:02d}"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Eight households of two; the last two rows have no family card, or no decile."""
    rows = []
    for number in range(16):
        card = household(1 + number // 2)
        born = f"19{60 + number}-03-{1 + number:02d}"
        rows.append(
            [
                f"A{number:02d}",
                f"317590{10 + number}03{60 + number}0001",
                card,
                f"WARGA {'ABCDEFGHIJKLMNOP'[number]} CONTOH",
                born,
                str(1 + number // 2),
                "YA" if number in (0, 12) else "TIDAK",
            ]
        )
    rows[14][2] = ""
    rows[15][5] = ""
    file = tmp_path / "warga.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEADER, *rows])
    return file


def sheet(path: Path, name: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    found = next(each for each in book.sheetnames if each.startswith(name))
    return [list(row) for row in book[found].iter_rows(values_only=True)]


def test_a_list_reconciles_and_says_what_it_is(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "sembako.xlsx"
    told = run("try", people, "sembako", "--date", "2026-07-01", "--out", out).json()[-1]
    outcomes = {name: each["rows"] for name, each in told["outcomes"].items()}
    # Four poor households; one of decile 7 receives aid now; one row lacks its decile.
    assert outcomes == {"eligible": 8, "waiting": 0, "review": 3, "not-eligible": 5}
    assert told["rows"] == 16 == sum(outcomes.values())
    assert told["rows_without_household"] == 1
    about = sheet(out, "Tentang")
    assert "bukan keputusan" in about[1][0]
    assert "UU PDP pasal 10" in about[1][0]
    assert "art. 34(2)(a)" in about[1][1]
    values = {row[1]: row[2] for row in about}
    assert values["digest of the rules (SHA-256)"] == told["rules"]
    assert values["seed of the lottery"] == told["seed"]
    assert values["all rows (sum of the four)"] == 16
    review = sheet(out, "Ditinjau")
    head = review[0]
    ids = {row[head.index("id")]: row[head.index("alasan")] for row in review[1:]}
    assert set(ids) == {"A12", "A13", "A15"}
    assert ids["A12"].startswith("penerima sekarang, akan kehilangan bantuan")
    assert "tidak memenuhi: Desil 1 sampai 4 (desil: 7)" in ids["A12"]
    assert "data kosong" in ids["A15"]
    eligible = sheet(out, "Layak")
    assert all(isinstance(row[head.index("nik")], str) for row in eligible[1:])
    assert [row[0] for row in eligible[1:]] == sorted(row[0] for row in eligible[1:])
    refused = sheet(out, "Tidak memenuhi")
    assert not {"A12", "A13"} & {row[head.index("id")] for row in refused[1:]}


def test_the_same_input_gives_the_same_list_and_its_parts_are_all_rows(
    people: Path, tmp_path: Path
) -> None:
    one, two, flat = (tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.csv"))
    for out in (one, two, flat, one):
        run("try", people, "sembako", "--date", "2026-07-01", "--out", out)
    assert one.read_bytes() == two.read_bytes()
    assert flat.stat().st_mode & 0o077 == 0
    with flat.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["id"] for row in rows) == [f"A{number:02d}" for number in range(16)]
    # The notice is the first line of the file beside it.
    with (tmp_path / "c-tentang.csv").open(newline="", encoding="utf-8") as file:
        assert "bukan keputusan" in list(csv.reader(file))[1][0]


def test_an_earlier_list_protects_its_people_and_names_those_who_are_not_there(
    people: Path, tmp_path: Path
) -> None:
    earlier = tmp_path / "dulu.csv"
    # By record id, by NIK, and somebody whom the table does not have.
    earlier.write_text("id,nik\nA10,\n,3175902103710001\n,3175904101900001\n", encoding="utf-8")
    out = tmp_path / "sembako.xlsx"
    arguments = ("try", people, "sembako", "--date", "2026-07-01", "--out", out, "--force")
    alone = run(*arguments).json()[-1]
    told = run(*arguments, "--present", earlier).json()[-1]
    assert told["absent"] == 1
    # A10 and A11 are of one household of decile 6.
    assert told["outcomes"]["review"]["rows"] == alone["outcomes"]["review"]["rows"] + 2
    review = sheet(out, "Ditinjau")
    reasons = [row[review[0].index("reasons")] for row in review[1:]]
    assert sum("not in this dataset (dulu.csv: 3)" in each for each in reasons) == 1


def test_without_a_present_list_nothing_is_made_unless_the_programme_is_new(
    people: Path, tmp_path: Path
) -> None:
    rules = tmp_path / "r.yaml"
    rules.write_text(as_yaml(present=None))
    out = tmp_path / "out.xlsx"
    ask = ("try", people, rules, "--date", "2026-07-01", "--out", out)
    expect(run(*ask, code=6), "programme.present")
    assert not out.exists()
    run(*ask, "--nobody-present")
    assert out.exists()


def as_yaml(**changes: Any) -> str:
    import yaml

    parts = {key: each for key, each in tree(**changes).items() if each is not None}
    return yaml.safe_dump(parts, sort_keys=False)


def test_errors_name_the_rule_and_the_column_and_no_value(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    error = expect(
        run("try", people, "gizi", "--nobody-present", "--out", out, code=3), "programme.column"
    )
    assert "Pregnant" in error.problem.en
    assert "sedang_hamil" in error.problem.en
    rules = tmp_path / "r.yaml"
    confirmed = [{"title": title("Padan"), "confirmed_by": "regsosek"}]
    rules.write_text(as_yaml(conditions=confirmed))
    ask = ("try", people, rules, "--nobody-present", "--out", out)
    assert "Padan" in expect(run(*ask, code=3), "programme.no-release").problem.en
    nameless = tmp_path / "dulu.csv"
    nameless.write_text("nama,alamat\nWARGA,JL MAWAR\n", encoding="utf-8")
    present = ("try", people, "sembako", "--present", nameless, "--out", out)
    expect(run(*present, code=3), "programme.present-keys")
    expect(run("check", tmp_path / "tidak-ada.yaml", code=3), "file.missing")
    expect(run("example", "tidak-ada", "--out", tmp_path / "x.yaml", code=3), "programme.unknown")


def test_a_sex_is_read_by_the_mapping_however_the_table_writes_it(tmp_path: Path) -> None:
    file, rules, out = (tmp_path / name for name in ("warga.csv", "r.yaml", "out.csv"))
    lines = ["id,nama,jenis_kelamin,tanggal_lahir", "B1,SITI CONTOH,PEREMPUAN,1990-02-03"]
    lines += ["B2,BUDI CONTOH,Lk.,1991-02-03", "B3,NUR CONTOH,?,1992-02-03"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = {"jk": {"title": title("jenis kelamin"), "role": "sex"}}
    wanted = [{"title": title("Perempuan"), "column": "jk", "equals": "F"}]
    rules.write_text(as_yaml(columns=columns, conditions=wanted))
    run("try", file, rules, "--nobody-present", "--out", out)
    with out.open(newline="", encoding="utf-8") as written:
        found = {row["id"]: row["outcome"] for row in csv.DictReader(written)}
    assert found == {"B1": "Eligible within quota", "B2": "Not eligible", "B3": "Review"}


def test_an_example_is_copied_checked_and_explained(tmp_path: Path) -> None:
    listed = [each["programme"] for each in run("list").json()]
    assert "sembako" in listed
    copy = tmp_path / "aturan.yaml"
    run("example", "sembako", "--out", copy)
    told = run("check", copy).json()[-1]
    assert told["example"] is True
    assert told["rules"] == run("check", "sembako").json()[-1]["rules"]
    copy.write_text(copy.read_text().replace("at_most: 4", "at_most: [4]"))
    error = expect(run("check", copy, code=3), "programme.rules")
    at = next(n for n, line in enumerate(copy.read_text().splitlines(), 1) if "at_most" in line)
    assert f"line {at}" in error.problem.en
    assert "conditions.1.at_most" in error.problem.en
