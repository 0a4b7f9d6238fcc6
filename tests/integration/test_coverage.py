"""Coverage and the meeting's report through the real command lines, against the match IDs."""

from __future__ import annotations

import base64
import csv
import json
import re
import shutil
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from policy.base import extras
from tests.support.programme import OWNER, PROJECT, Programme, expect

RELEASE = "rilis-1"
DOMAINS = ("dtks-carik", "dtks-regsosek")
# Few kelurahan, so that a small city has some with enough people and some without.
KELURAHAN = ("Menteng Dalam", "Manggarai", "Tebet Timur", "Kramat", "Kwitang", "Bungur")
WHERE = {
    "dtks": ("desa_kelurahan", ";"),
    "carik": ("kelurahan", "|"),
    "regsosek": ("104_desa_kel", ","),
}
K = 5


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    programme = Programme(tmp_path_factory.mktemp("coverage"), persons=900)
    programme.found()
    for dataset, (column, delimiter) in WHERE.items():
        move(programme.folder / "sources" / f"{dataset}.csv", column, delimiter)
    tree = programme.charter_tree()
    tree["domains"] = [
        {"id": "dtks-regsosek", "datasets": ["dtks", "regsosek"], "learn": ["dtks"]},
        {"id": "dtks-carik", "datasets": ["dtks", "carik"], "learn": ["dtks", "carik"]},
    ]
    with programme.serving():
        programme.sign_charter(tree)
        for dataset in OWNER:
            answer = programme.prepare(dataset).json()
            (programme.folder / f"{dataset}.prepared.json").write_text(json.dumps(answer))
        programme.exchange_keys()
        programme.upload()
        programme.match("padan-1")
        programme.release(RELEASE, "padan-1", "bps-approver", "dppapp-approver", domains=DOMAINS)
        programme.witness()
        dinsos(programme, "open", PROJECT, RELEASE)
        for agency in ("dppapp", "bps"):
            programme.run(agency, "padan-encoder", "open", PROJECT, RELEASE)
        programme.witness("auditor")
        for name in ("auditor", "party"):
            out = str(programme.folder / f"{name}.zip")
            asked = ("evidence", PROJECT, "--audience", name, "--out", out)
            programme.run("auditor" if name == "auditor" else "bps", "padan-policy", *asked)
        told = programme.run("service", "padan-linkage", "calibration", PROJECT, "padan-1")
        (programme.folder / "calibration.json").write_text(told.out)
    return programme


def move(path: Path, column: str, delimiter: str) -> None:
    """Everybody lives in one of a few kelurahan, the same one in every list."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    for row in rows:
        letters = re.sub("[^A-Z]", "", row[column].upper())
        if letters:
            row[column] = KELURAHAN[zlib.crc32(letters.encode()) % 23 % len(KELURAHAN)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def dinsos(programme: Programme, *arguments: str, code: int = 0) -> Any:
    answer = programme.run("dinsos", "padan-encoder", *arguments, code=code)
    return answer if code else answer.json()[-1]


def covered(programme: Programme, out: Path, *more: str, code: int = 0) -> Any:
    return dinsos(
        programme, "coverage", PROJECT, RELEASE, "dtks", "--out", str(out), *more, code=code
    )


def meeting(programme: Programme, out: Path, *more: str, code: int = 0) -> Any:
    return programme.run(
        "bps", "padan-policy", "papers", "meeting-report", "--out", str(out), *more, code=code
    )


@pytest.fixture(scope="module")
def coverage_file(programme: Programme) -> Path:
    path = programme.folder / "coverage.json"
    covered(programme, path)
    return path


def confirmed_by_list(programme: Programme, folder: Path, domain: str) -> dict[str, str]:
    """Match IDs by record id, as another command writes them."""
    out = folder / f"{domain}.csv"
    dinsos(programme, "ids", PROJECT, RELEASE, "dtks", "--domain", domain, "--out", str(out))
    with out.open(newline="", encoding="utf-8") as file:
        return {row["record_id"]: row["match_id"] for row in csv.DictReader(file)}


def test_coverage_is_that_of_the_match_ids(
    programme: Programme, coverage_file: Path, tmp_path: Path
) -> None:
    found = json.loads(coverage_file.read_text())
    prepared = json.loads((programme.folder / "dtks.prepared.json").read_text())[-1]
    assert found["people"] == prepared["people"]
    with (programme.folder / "sources" / "dtks.csv").open(newline="", encoding="utf-8") as file:
        kelurahan = {
            row["IDSEMESTA"]: row["desa_kelurahan"] for row in csv.DictReader(file, delimiter=";")
        }
    ids = {domain: confirmed_by_list(programme, tmp_path, domain) for domain in DOMAINS}
    for at, source in enumerate(found["sources"]):
        mine = ids[source["domain"]]
        assert source["confirmed"] == len(set(mine.values()))
        assert source["confirmed"] + source["not_confirmed"] == found["people"]
        # One row of each person; rows of one person have one match ID.
        first: dict[str, str] = {}
        for record, match in mine.items():
            first.setdefault(match, record)
        by_place = Counter(kelurahan[record] for record in first.values())
        named = {a["area"]: a["sources"][at]["confirmed"] for a in found["areas"] if a["area"]}
        assert len(named) >= 2
        assert named == {name: by_place[name] for name in named}
    both = set(ids["dtks-carik"]) & set(ids["dtks-regsosek"])
    told = {tuple(each["confirmed_by"]): each["people"] for each in found["combinations"]}
    assert told[DOMAINS] == len({ids["dtks-carik"][record] for record in both})
    assert sum(told.values()) == found["people"]


def test_people_of_the_source_who_are_not_on_the_list_are_a_band(coverage_file: Path) -> None:
    found = json.loads(coverage_file.read_text())
    for source in found["sources"]:
        band = source["not_on_list"]
        assert band["low"] >= K
        assert band["high"] >= 10 * max(1, band["low"] // 10)
    text = coverage_file.read_text()
    assert '"unmatched"' not in text


def test_every_form_tells_the_same_and_is_written_twice_without_harm(
    programme: Programme, coverage_file: Path, tmp_path: Path
) -> None:
    found = json.loads(coverage_file.read_text())
    again = tmp_path / "again.json"
    covered(programme, again)
    assert again.read_bytes() == coverage_file.read_bytes()
    for ending in ("html", "pdf", "xlsx", "csv"):
        out = tmp_path / f"cakupan.{ending}"
        assert covered(programme, out)["people"] == found["people"]
    page = (tmp_path / "cakupan.html").read_text(encoding="utf-8")
    assert page.count("<svg") > 4
    assert not re.search(r"(src|href)=|<script|@import|url\(", page)
    assert (tmp_path / "cakupan.pdf").read_bytes().startswith(b"%PDF-")
    sheet = openpyxl.load_workbook(tmp_path / "cakupan.xlsx").active
    assert sheet is not None
    with (tmp_path / "cakupan.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    assert [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()] == lines
    assert min(int(each) for line in lines[1:] for each in line[7:10]) >= K
    named = {(each[2], each[4]): each[1:4:2] for each in lines[1:] if each[3]}
    assert named["Tebet", "Manggarai"] == ["317401", "3174011007"]
    english = tmp_path / "english.csv"
    programme.run(
        "dinsos", "padan-encoder", "--lang", "en", "coverage", PROJECT, RELEASE, "dtks",
        "--out", str(english),
    )  # fmt: skip
    with english.open(newline="", encoding="utf-8") as file:
        heads = next(csv.reader(file))
    assert "at_source_not_on_list" in heads
    assert "dikonfirmasi" not in heads
    assert "dikonfirmasi" in lines[0]
    refused = covered(programme, tmp_path / "cakupan.docx", code=3)
    assert refused.error is not None
    # No row of the list is in any of the files.
    with (programme.folder / "sources" / "dtks.csv").open(newline="", encoding="utf-8") as file:
        niks = [row["NIK"] for row in csv.DictReader(file, delimiter=";") if len(row["NIK"]) > 9]
    assert not any(nik in page for nik in niks)


def test_the_counts_are_kept_when_a_person_leaves_the_list(
    programme: Programme, coverage_file: Path, tmp_path: Path
) -> None:
    source = programme.folder / "sources" / "dtks.csv"
    before = source.read_text(encoding="utf-8")
    lines = before.splitlines(keepends=True)
    try:
        source.write_text("".join([*lines[:5], *lines[6:]]), encoding="utf-8")
        kept = tmp_path / "kept.json"
        covered(programme, kept)
        assert kept.read_bytes() == coverage_file.read_bytes()
        counted = ("--recount", "--despite-changes")
        expect(covered(programme, tmp_path / "x.json", *counted, code=4), "coverage.too-close")
        expect(covered(programme, tmp_path / "x.json", "--recount", code=3), "file.changed")
    finally:
        source.write_text(before, encoding="utf-8")


def test_another_agency_and_a_list_that_learns_nothing_have_no_coverage(
    programme: Programme, tmp_path: Path
) -> None:
    out = ("--out", str(tmp_path / "x.html"))
    foreign = programme.run(
        "bps", "padan-encoder", "coverage", PROJECT, RELEASE, "dtks", *out, code=4
    )
    expect(foreign, "dataset.foreign")


@pytest.fixture(scope="module")
def handed(programme: Programme) -> Path:
    """What Dinas PPAPP gives Dinas Sosial about people of Carik who are not in DTKS."""
    path = programme.folder / "carik-not-in-dtks.json"
    give = ("coverage", PROJECT, RELEASE, "carik", "--missing-on", "dtks", "--out", str(path))
    programme.run("dppapp", "padan-encoder", *give)
    return path


@pytest.fixture
def nothing_taken(programme: Programme) -> Iterator[None]:
    """Dinas Sosial has taken no file of another agency, and keeps none that a test takes."""
    yield
    shutil.rmtree(programme.home("dinsos") / "projects" / PROJECT / "reverse-coverage")


def test_the_other_owner_gives_people_who_are_not_on_the_list_by_area(
    programme: Programme, coverage_file: Path, handed: Path, tmp_path: Path, nothing_taken: None
) -> None:
    before = tmp_path / "before.html"
    covered(programme, before)
    assert "--missing-on dtks" in before.read_text(encoding="utf-8")
    told = covered(programme, tmp_path / "both.csv", "--reverse", str(handed))
    ids = tmp_path / "carik.csv"
    asked = ("ids", PROJECT, RELEASE, "carik", "--domain", "dtks-carik", "--out", str(ids))
    programme.run("dppapp", "padan-encoder", *asked)
    with ids.open(newline="", encoding="utf-8") as file:
        matched = {row["match_id"] for row in csv.DictReader(file) if row["match_id"]}
    prepared = json.loads((programme.folder / "carik.prepared.json").read_text())[-1]
    assert told["reverse"] == [
        {"domain": "dtks-carik", "dataset": "carik", "people": prepared["people"] - len(matched)}
    ]
    # Kept: the next command shows it without being given the file again, and in every form.
    covered(programme, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "both.csv").read_bytes()
    with (tmp_path / "again.csv").open(newline="", encoding="utf-8") as file:
        lines = [row for row in csv.DictReader(file) if row["sumber"] == "dtks-carik"]
    by_area = {
        row["kelurahan"]: int(row["di_sumber_tidak_di_daftar"])
        for row in lines
        if row["tingkat"] == "kelurahan" and row["di_sumber_tidak_di_daftar"]
    }
    assert len(by_area) > 1
    assert min(by_area.values()) >= K
    page = tmp_path / "after.html"
    covered(programme, page)
    assert "dihitung pemilik sumber itu (dppapp)" in page.read_text(encoding="utf-8")
    covered(programme, tmp_path / "own.json")
    assert (tmp_path / "own.json").read_bytes() == coverage_file.read_bytes()


def test_counts_that_somebody_changed_or_may_not_give_are_refused(
    programme: Programme, handed: Path, tmp_path: Path
) -> None:
    whole = json.loads(handed.read_text())
    body = json.loads(base64.b64decode(whole["payload"]))
    body["people"] += 1
    body["districts"], body["areas"] = [], []
    changed = tmp_path / "changed.json"
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    again = {**whole, "payload": base64.b64encode(text.encode()).decode()}
    changed.write_text(json.dumps(again, sort_keys=True, separators=(",", ":")))
    out = tmp_path / "x.html"
    refused = covered(programme, out, "--reverse", str(changed), code=5)
    expect(refused, "envelope.signature")
    own = tmp_path / "own.json"
    covered(programme, own)
    expect(covered(programme, out, "--reverse", str(own), code=3), "coverage.malformed")
    # Dinas Sosial's domain with Regsosek tells BPS nothing, so BPS has nothing to give.
    asked = ("coverage", PROJECT, RELEASE, "regsosek", "--missing-on", "dtks")
    bps = programme.run("bps", "padan-encoder", *asked, "--out", str(own), "--force", code=4)
    expect(bps, "list.learns-nothing")
    # The file is for the owner of the list that it is about.
    asked = ("coverage", PROJECT, RELEASE, "carik", "--reverse", str(handed))
    mine = programme.run("dppapp", "padan-encoder", *asked, "--out", str(out), code=4)
    expect(mine, "dataset.foreign")
    asked = ("coverage", PROJECT, RELEASE, "carik", "--missing-on", "dtks", "--out")
    other = programme.run("dppapp", "padan-encoder", *asked, str(tmp_path / "x.csv"), code=3)
    expect(other, "coverage.given-as")


def test_the_meeting_shows_both_directions_and_counts_nobody_twice(
    programme: Programme, coverage_file: Path, handed: Path, tmp_path: Path
) -> None:
    bundle = ("--evidence", str(programme.folder / "auditor.zip"))
    out = tmp_path / "rapat.json"
    meeting(programme, out, *bundle, "--coverage", str(coverage_file), "--reverse", str(handed))
    by_file = json.loads(out.read_text())["sections"]
    assert "dtks-coverage-missing" in by_file
    carik = tmp_path / "carik.json"
    asked = ("coverage", PROJECT, RELEASE, "carik", "--out", str(carik))
    programme.run("dppapp", "padan-encoder", *asked)
    both = tmp_path / "both.json"
    files = ("--coverage", str(coverage_file), "--coverage", str(carik))
    meeting(programme, both, *bundle, *files)
    found = json.loads(both.read_text())["sections"]
    # The second list's own coverage says the same as the file that its owner gave.
    assert found["dtks-coverage-missing"] == by_file["dtks-coverage-missing"]
    assert "dtks-coverage-areas" in found
    assert "carik-coverage-areas" not in found


def test_the_meeting_reads_counts_and_decisions_and_no_person(
    programme: Programme, coverage_file: Path, tmp_path: Path
) -> None:
    bundle = str(programme.folder / "auditor.zip")
    given = ("--coverage", str(coverage_file))
    given += ("--calibration", str(programme.folder / "calibration.json"))
    out = tmp_path / "rapat.json"
    meeting(programme, out, "--evidence", bundle, *given)
    found = json.loads(out.read_text())["sections"]
    assert next(iter(found)) == "sources"
    assert {"releases", "destruction", "quality", "dtks-coverage-list"} <= set(found)
    # The recipient gave the coverage of both domains: the facts say nothing of them again.
    assert "overlaps" not in found
    release = found["releases"]["releases"]["rows"][0]
    assert release[0] == RELEASE
    assert "Penyetuju BPS" in release[4]
    calibrated = json.loads((programme.folder / "calibration.json").read_text())
    (pair,) = (each for each in calibrated["pairs"] if each["domain"] == "dtks-regsosek")
    strata = {row[0]["en"]: row for row in found["quality"]["strata"]["rows"]}
    recall = next(row for name, row in strata.items() if "Regsosek - DTKS" in name)
    assert recall[2] == pytest.approx(pair["facts"]["recall_ppm"]["estimate"] / 1e6)
    counted = [row[1] for row in strata.values() if isinstance(row[1], int)]
    assert pair["facts"]["other_pairs"] in counted
    assert min(counted) >= K
    html = tmp_path / "rapat.html"
    meeting(programme, html, "--evidence", bundle, *given)
    page = html.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=|<script|@import|url\(", page)
    assert "UU 27/2022" in page or "Perpres 39/2019" in page
    meeting(programme, tmp_path / "rapat.pdf", "--evidence", bundle, *given)
    assert (tmp_path / "rapat.pdf").read_bytes().startswith(b"%PDF-")


def test_without_coverage_an_auditor_tells_the_facts_and_a_party_cannot(
    programme: Programme, tmp_path: Path
) -> None:
    out = tmp_path / "a.json"
    meeting(programme, out, "--evidence", str(programme.folder / "auditor.zip"))
    found = json.loads(out.read_text())["sections"]["overlaps"][f"facts-{RELEASE}"]["rows"]
    opened = programme.run("bps-approver", "padan-policy", "papers", "--help")
    assert opened.code == 0
    counted = {row[0]["en"]: row[1:] for row in found}
    ids = confirmed_by_list(programme, tmp_path, "dtks-regsosek")
    matched, unmatched, total = counted["DTKS, Regsosek: DTKS"]
    assert matched == len(set(ids.values()))
    assert matched + unmatched == total
    other = tmp_path / "b.json"
    meeting(programme, other, "--evidence", str(programme.folder / "party.zip"))
    assert "overlaps" not in json.loads(other.read_text())["sections"]


def test_a_coverage_of_another_log_or_given_twice_is_refused(
    programme: Programme, coverage_file: Path, tmp_path: Path
) -> None:
    bundle = ("--evidence", str(programme.folder / "auditor.zip"))
    out = tmp_path / "x.html"
    tree = json.loads(coverage_file.read_text())
    strange = tmp_path / "strange.json"
    strange.write_text(json.dumps({**tree, "stage": "ab" * 32}))
    small = tmp_path / "small.json"
    small.write_text(json.dumps({**tree, "deceased": 2}))
    twice = ("--coverage", str(coverage_file), "--coverage", str(coverage_file))
    for given, code in (
        (("--coverage", str(strange)), "papers.coverage-other"),
        (("--coverage", str(small)), "coverage.unprotected"),
        (("--coverage", str(programme.folder / "calibration.json")), "coverage.malformed"),
        (("--calibration", str(coverage_file)), "papers.calibration"),
        (twice, "papers.coverage-twice"),
    ):
        expect(meeting(programme, out, *bundle, *given, code=3), code)
    assert not out.exists()


def test_a_pdf_names_its_extra_where_it_is_missing(
    programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = extras.is_there
    monkeypatch.setattr(extras, "is_there", lambda name: name != "weasyprint" and there(name))
    refused = expect(covered(programme, tmp_path / "x.pdf", code=3), "extra.missing")
    assert "padan[pdf]" in refused.hint.en
    covered(programme, tmp_path / "x.html")
