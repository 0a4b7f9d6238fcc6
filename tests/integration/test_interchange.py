"""Somebody who has clkhash and anonlink files can go on with them here, and back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from encoder.encoding.clk import from_clkhash_json
from encoder.synthetic import population
from tests.support.programme import ROOT, command, expect

SECRET = "rahasia bersama untuk dua pihak"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    path = ROOT / "encoder" / "schemas" / "padan-id-1.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, schema: dict[str, Any]) -> Path:
    folder = tmp_path_factory.mktemp("clks")
    (folder / "schema.json").write_text(json.dumps(schema))
    (folder / "secret").write_text(SECRET + "\n")
    people = population(600, 5)
    for name, chosen in (("left", people[:400]), ("right", people[150:])):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([feature["identifier"] for feature in schema["features"]])
            for p in chosen:
                sex = "M" if p.male else "F"
                birth = p.birth
                writer.writerow(
                    [f" {p.name} ", birth.year, birth.month, birth.day, sex, p.kelurahan]
                )
    return folder


def hashed(folder: Path, name: str) -> Path:
    out = folder / f"{name}.json"
    if not out.exists():
        answer = command(
            "padan-encoder",
            "--json",
            "hash",
            str(folder / f"{name}.csv"),
            "--schema",
            str(folder / "schema.json"),
            "--secret-file",
            str(folder / "secret"),
            "--out",
            str(out),
        )
        assert answer.code == 0, answer.err
    return out


def test_the_file_is_what_clkhash_writes(folder: Path, schema: dict[str, Any]) -> None:
    from clkhash.clk import generate_clk_from_csv
    from clkhash.schema import from_json_dict
    from clkhash.serialization import serialize_bitarray

    with (folder / "left.csv").open(encoding="utf-8") as file:
        theirs = generate_clk_from_csv(file, SECRET, from_json_dict(schema), progress_bar=False)
    ours = json.loads(hashed(folder, "left").read_text(encoding="utf-8"))
    assert list(ours) == ["clks"]
    assert ours["clks"] == [serialize_bitarray(clk) for clk in theirs]
    assert from_clkhash_json(ours).shape == (400, 128)


def test_the_pairs_are_anonlinks(folder: Path) -> None:
    anonlink = pytest.importorskip("anonlink", reason="anonlink has no wheel here")
    from bitarray import bitarray

    out = folder / "pairs.csv"
    left, right = hashed(folder, "left"), hashed(folder, "right")
    files = ("compare", str(left), str(right))
    answer = command("padan-linkage", "--json", *files, "--threshold", "0.8", "--out", str(out))
    assert answer.code == 0, answer.err
    filters = [
        [bitarray(buffer=clk.tobytes()) for clk in from_clkhash_json(json.loads(path.read_text()))]
        for path in (left, right)
    ]
    found = anonlink.candidate_generation.find_candidate_pairs(
        filters, anonlink.similarities.dice_coefficient_python, 0.8
    )
    theirs = sorted(
        tuple(row for _, row in sorted(group)) for group in anonlink.solving.greedy_solve(found)
    )
    with io.StringIO(out.read_text()) as file:
        ours = [(int(row["left"]), int(row["right"])) for row in csv.DictReader(file)]
    assert ours == theirs
    book = folder / "pairs.xlsx"
    answer = command("padan-linkage", "--json", *files, "--threshold", "0.8", "--out", str(book))
    assert answer.code == 0, answer.err
    sheet = openpyxl.load_workbook(book).active
    assert sheet is not None
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == ours
    assert len(set(ours) & {(150 + at, at) for at in range(250)}) == 250


def test_files_that_are_none_say_so(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"clks": ["AAAA", "AAAAAAAA"]}')
    files = ("compare", str(hashed(folder, "left")), str(broken))
    out = str(tmp_path / "x.csv")
    expect(
        command("padan-linkage", "--json", *files, "--threshold", "0.8", "--out", out), "clk.json"
    )
    csv_file = tmp_path / "short.csv"
    header, first, *_ = (folder / "left.csv").read_text(encoding="utf-8").splitlines()
    csv_file.write_text(f"{header}\n{first}\n{first.rsplit(',', 1)[0]}\n")
    arguments = ("--schema", str(folder / "schema.json"), "--secret-file", str(folder / "secret"))
    out = str(tmp_path / "x.json")
    bad = command("padan-encoder", "--json", "hash", str(csv_file), *arguments, "--out", out)
    assert "2" in expect(bad, "file.csv").problem.en
    assert not Path(out).exists()
    csv_file.write_bytes(f"{header}\n{first} \xe9\n".encode("latin-1"))
    bad = command("padan-encoder", "--json", "hash", str(csv_file), *arguments, "--out", out)
    expect(bad, "file.encoding")
    empty = tmp_path / "empty"
    empty.write_text("\n")
    arguments = ("--schema", str(folder / "schema.json"), "--secret-file", str(empty))
    whole = str(folder / "left.csv")
    bad = command("padan-encoder", "--json", "hash", whole, *arguments, "--out", out)
    expect(bad, "secret.empty")
    assert not Path(out).exists()
