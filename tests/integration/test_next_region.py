"""Two regions other than Jakarta start by one command; between them only data differ.

Kota Bandung is a kota; Papua Tengah is one of the provinces of 2022. Both practise on one service.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from encoder.__main__ import NEEDS
from policy.base import extras
from policy.charter import load_charter
from policy.charter.gaps import gaps
from policy.regions import find, inside
from policy.starter import encoder_terms, residents
from policy.starter.schedule import schedule
from tests.support.processes import PATIENCE_SECONDS
from tests.support.programme import ROOT, Programme, command, expect, the_same_keys

REGIONS = ("3273", "94")
LISTS = {"dtsen": ("bps", "dtsen"), "program": ("dinsos", "dtks")}
START = datetime.now(UTC).date() - timedelta(days=40)
# What `lint` says of a charter that nobody has filled in.
BLOCKING = {"dpia.sha256", "dpia.scope.charter"}
STILL_EXAMPLES = {"agreements.sha256", "dpia.scope.terms", "dpia.probe"}
ZEROS = "0" * 64


def start(folder: Path, region: str, *more: str) -> Any:
    arguments = ("--json", "init", "--region", region, "--out", str(folder), *more)
    answer = command("padan-policy", *arguments)
    assert answer.code == 0, answer.err
    return answer.json()[0]


@pytest.fixture(scope="module")
def kits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("kits")
    for region in REGIONS:
        start(folder / region, region, "--start", START.isoformat())
    return {region: folder / region for region in REGIONS}


def contents(folder: Path) -> dict[str, str]:
    files = [each for each in folder.rglob("*") if each.is_file()]
    return {str(each.relative_to(folder)): each.read_text("utf-8") for each in files}


def filled_in(kit: Path) -> dict[str, Any]:
    """The charter with every digest filled in."""
    charter: dict[str, Any] = yaml.safe_load((kit / "charter.yaml").read_text("utf-8"))
    for each in (*charter["agreements"], charter["dpia"]):
        each["sha256"] = "ab" * 32
    charter["dpia"]["probe"] = "cd" * 32
    return charter


def small(charter: dict[str, Any]) -> dict[str, Any]:
    """The charter, for lists of few synthetic people."""
    for each in charter["datasets"]:
        each["rows_min"] = 1
    charter["release"]["minimum_cell"] = 5
    charter["encoding"]["canaries"]["share_ppm"] = 50_000
    return charter


def assessed(charter: dict[str, Any], path: Path) -> Path:
    """The file, with a DPIA that covers the charter as it is."""
    for _ in range(2):
        path.write_text(yaml.safe_dump(charter), encoding="utf-8")
        told = load_charter(path)
        charter["dpia"]["scope"]["terms"] = told.terms_digest()
        charter["dpia"]["scope"]["charter"] = told.assessed_digest()
    path.write_text(yaml.safe_dump(charter), encoding="utf-8")
    return path


# What is written


@pytest.mark.parametrize("region", REGIONS)
def test_the_charter_lacks_only_what_is_marked(
    kits: dict[str, Path], region: str, tmp_path: Path
) -> None:
    path = kits[region] / "charter.yaml"
    found = gaps(load_charter(path))
    assert {gap.field for gap in found if gap.blocking} == BLOCKING
    advice = {gap.field for gap in found if not gap.blocking}
    assert {field for field in advice if not field.startswith("datasets.")} == STILL_EXAMPLES
    marked = [line for line in path.read_text("utf-8").splitlines() if "# ISI / FILL IN:" in line]
    told = start(kits[region], region)["fill_in"]
    assert len(told) == len(marked) > 10
    # Every digest that is an example is marked, and nothing else is an example.
    assert all(line in marked for line in path.read_text("utf-8").splitlines() if ZEROS in line)
    lint = command("padan-policy", "--json", "charter", "lint", str(path))
    lines = path.read_text("utf-8").splitlines()
    left = lint.json()[0]["to_fill_in"]
    assert len(left) == len(marked)
    assert all("ISI / FILL IN" in lines[each["line"] - 1] for each in left)
    path_of_one, (first, *_) = tmp_path / "charter.yaml", left
    lines[first["line"] - 1] = lines[first["line"] - 1].partition("# ISI")[0].rstrip()
    path_of_one.write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "padan-id-5.yaml").write_bytes((kits[region] / "padan-id-5.yaml").read_bytes())
    again = command("padan-policy", "--json", "charter", "lint", str(path_of_one))
    assert [each["line"] for each in again.json()[0]["to_fill_in"]] == [
        each["line"] for each in left[1:]
    ]
    # Besides, nobody signs zeros for a digest, or a line that is still marked.
    zeros = {"dpia.probe", "dpia.scope.terms", "agreements.0.sha256", "agreements.1.sha256"}
    assert expect_incomplete(lint) == BLOCKING | zeros | {"ISI / FILL IN"}


def expect_incomplete(lint: Any) -> set[str]:
    assert lint.error.code == "charter.incomplete"
    return {gap["field"] for gap in lint.json()[0]["gaps"] if gap["blocking"]}


@pytest.mark.parametrize("region", REGIONS)
def test_a_charter_that_people_filled_in_is_complete(
    kits: dict[str, Path], region: str, tmp_path: Path
) -> None:
    (tmp_path / "padan-id-5.yaml").write_bytes((kits[region] / "padan-id-5.yaml").read_bytes())
    path = assessed(filled_in(kits[region]), tmp_path / "charter.yaml")
    found = {gap.field for gap in gaps(load_charter(path))}
    assert {field for field in found if not field.startswith("datasets.")} == set()
    assert command("padan-policy", "charter", "lint", str(path)).code == 0


def test_between_regions_only_data_differ(kits: dict[str, Path]) -> None:
    """One region's files with its data replaced by the other's are the other's files."""
    ours, theirs = (contents(kits[region]) for region in REGIONS)
    assert set(ours) == set(theirs)
    said = [data_of(kits[region], region) for region in REGIONS]
    differing = [name for name in ours if ours[name] != theirs[name]]
    assert "charter.yaml" in differing
    for name in set(ours) - {"codes.csv"}:
        text = ours[name]
        if name == "padan-id-5.yaml":  # bits of block tags follow from the rows of the largest list
            assert bare(text) == bare(theirs[name])
            continue
        # Longest first, so that no value is replaced inside of another.
        for one, other in sorted(zip(*said, strict=True), key=lambda pair: -len(pair[0])):
            text = re.sub(rf"(?<![\w]){re.escape(one)}(?![\w])", other, text)
        assert text == theirs[name], name
    same = {"schedule.csv", "practice-probe-report.json", "mapping/dtsen.yaml"}
    assert same.isdisjoint(differing)


def bare(encodings: str) -> str:
    return re.sub(r"tag_bits: \d+", "tag_bits: N", encodings)


def data_of(kit: Path, region: str) -> list[str]:
    """All data by which a kit may differ: name, codes, and numbers that follow from residents."""
    home, charter = find(region), yaml.safe_load((kit / "charter.yaml").read_text("utf-8"))
    assert charter["region"] == {"code": region, "codebook": "kemendagri", "vintage": 2025}
    return [
        home.name,
        home.code,
        home.dotted,
        str(charter["datasets"][0]["rows_min"]),
        str(charter["datasets"][0]["rows_max"]),
    ]


@pytest.mark.parametrize("region", REGIONS)
def test_codes_name_their_book_down_to_villages(kits: dict[str, Path], region: str) -> None:
    with (kits[region] / "codes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["codebook"], row["edition"]) for row in rows} == {
        ("kemendagri", "Kepmendagri 300.2.2-2138/2025")
    }
    villages = [row["code"] for row in rows if row["level"] == "village"]
    assert villages == [each.dotted for each in inside(region, "village")]


def test_the_schedule_has_every_quarterly_edition_of_dtsen() -> None:
    first, last = date(2026, 1, 5), date(2027, 1, 4)
    rows = schedule(first, last, quarterly=True)
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert (rows[0][0], rows[-1][0]) == (first.isoformat(), last.isoformat())
    editions = [row[0] for row in rows if row[3].startswith("Quarterly edition")]
    assert editions == ["2026-04-01", "2026-07-01", "2026-10-01"]
    assert len(schedule(first, last, quarterly=False)) == len(rows) - 4 * len(editions)


def test_the_budget_is_enough_for_every_edition(kits: dict[str, Path]) -> None:
    """A run costs one, and one more for each party whose rows changed since the run before."""
    charter = load_charter(kits["94"] / "charter.yaml")
    editions = 3
    assert charter.budget.runs_of_one(2) >= 1 + editions * (1 + len(charter.parties))
    assert charter.budget.releases >= 1 + editions


def test_the_practice_report_is_the_tutorials() -> None:
    shipped = ROOT / "policy" / "charter" / "probes" / "padan-id-5.json"
    tutorial = ROOT / "docs" / "tutorials" / "jakarta" / "probe-report.json"
    assert shipped.read_bytes() == tutorial.read_bytes()


# Writing again


def test_a_second_time_nothing_changes_and_no_work_is_lost(tmp_path: Path) -> None:
    first = start(tmp_path, "73", "--list", "regsosek", "--list", "ppks", "--start", "2026-02-28")
    assert sorted(first["written"]) == sorted(contents(tmp_path))
    # Day and lists are those of the first time.
    again = start(tmp_path, "73")
    assert again["written"] == again["kept"] == []
    charter = tmp_path / "charter.yaml"
    edited = charter.read_text("utf-8").replace("PKS/73/001", "PKS/2026/17")
    charter.write_text(edited, encoding="utf-8")
    (tmp_path / "schedule.csv").unlink()
    third = start(tmp_path, "73")
    assert (third["kept"], third["written"]) == (["charter.yaml"], ["schedule.csv"])
    assert charter.read_text("utf-8") == edited
    assert start(tmp_path, "73", "--force")["written"] == ["charter.yaml"]
    assert "PKS/73/001" in charter.read_text("utf-8")
    other = command("padan-policy", "--json", "init", "--region", "3273", "--out", str(tmp_path))
    expect(other, "option.out")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--region", "3299"), "region.unknown"),
        (("--region", "32.73.01"), "region.level"),
        (("--region", "32", "--list", "dtsen"), "option.list"),
        (("--region", "32", "--list", "carik", "--list", "dtsen"), "option.list"),
        (("--region", "32", "--start", "1 Mei"), "option.day"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(
    tmp_path: Path, arguments: tuple[str, ...], code: str
) -> None:
    out = tmp_path / "kit"
    expect(command("padan-policy", "--json", "init", "--out", str(out), *arguments), code)
    assert not out.exists()


@pytest.mark.parametrize("missing", NEEDS)
def test_without_the_encoder_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """An approver's machine has `policy` alone; a coordinator's has Numba by the service."""
    encoder_terms.rules_digest.cache_clear()
    monkeypatch.setattr(extras, "is_there", lambda module: module != missing)
    out = tmp_path / "kit"
    lacking = command("padan-policy", "--json", "init", "--region", "73", "--out", str(out))
    expect(lacking, "extra.missing")
    assert not out.exists()


# With synthetic people


@dataclass(frozen=True)
class Practice:
    """Both regions' projects on one service, their rows frozen."""

    programme: Programme
    projects: dict[str, str]
    people: dict[tuple[str, str], int]


@pytest.fixture(scope="module")
def practice(kits: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    programme = Programme(tmp_path_factory.mktemp("practice"))
    members = found_members(programme, kits["94"] / "roster-plan.csv")
    programme.join("service", "--roster", str(programme.folder / "roster.json"))
    projects, people = {}, {}
    with programme.serving():
        for member in members:
            if member != "service":
                programme.join(member)
        for region, kit in kits.items():
            sources = programme.folder / region
            flags = [flag for _, source in LISTS.values() for flag in ("--source", source)]
            made = command("padan-encoder", "synth", str(sources), "--region", region,
                           "--persons", "500", *flags)  # fmt: skip
            assert made.code == 0, made.err
            (sources / "padan-id-5.yaml").write_bytes((kit / "padan-id-5.yaml").read_bytes())
            charter = assessed(small(filled_in(kit)), sources / "charter.yaml")
            for party in ("bps", "dinsos"):
                programme.run(party, "padan-policy", "charter", "sign", str(charter))
            project = projects[region] = str(load_charter(charter).project)
            # Probing takes minutes; tests/security does it. Here the officer lets the terms pass.
            until = str((datetime.now(UTC) + timedelta(days=200)).date())
            options = ("--rule", "privacy", "--reference", "PPDP/1", "--until", until)
            programme.run("bps-dpo", "padan-policy", "exception", project, *options)
            for name, (owner, source) in LISTS.items():
                file, mapping = sources / f"{source}.csv", kit / "mapping" / f"{name}.yaml"
                arguments = ("prepare", project, name, str(file), "--mapping", str(mapping))
                frozen = programme.run(owner, "padan-encoder", *arguments)
                people[region, name] = frozen.json()[-1]["people"]
        yield Practice(programme, projects, people)


@pytest.mark.parametrize("region", REGIONS)
def test_the_walk_through_fills_in_every_mark_of_its_practice_charter(
    kits: dict[str, Path], tmp_path: Path, region: str
) -> None:
    """The charter of the kit itself cannot run: its marks are for people."""
    refused = command("padan-policy", "charter", "lint", str(kits[region] / "charter.yaml"))
    assert refused.error is not None
    ended = subprocess.run(
        ["bash", str(kits[region] / "walk-through.sh"), "charter"],
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PERSONS": "60",
            "OUT": str(tmp_path / "practice"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3000:]


def found_members(programme: Programme, plan: Path) -> list[str]:
    """Identities and roster as the plan says."""
    folder = programme.folder
    (folder / "passphrases").mkdir()
    with plan.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        (folder / "passphrases" / row["member"]).write_text(f"kata sandi uji {row['member']}")
        roles = [flag for role in row["roles"].split() for flag in ("--role", role)]
        programme.run(
            row["member"], "padan-policy", "identity", "create", row["member"],
            "--agency", row["agency"], "--name", row["who"], *roles,
        )  # fmt: skip
    cards = [str(programme.home(row["member"]) / "identity.json") for row in rows]
    above = sorted({f"{row['agency']}={row['superior']}" for row in rows if row["superior"]})
    roster = str(folder / "roster.json")
    programme.run(
        "bps", "padan-policy", "roster", "build", *cards,
        "--authority", "bps", "--authority", "diskominfo",
        *(flag for each in above for flag in ("--superior", each)), "--out", roster,
    )  # fmt: skip
    for authority in ("bps", "diskominfo"):
        signed = programme.run(authority, "padan-policy", "roster", "sign", roster)
    programme.digest = signed.json()[0]["digest"]
    return [row["member"] for row in rows]


@pytest.mark.parametrize("region", REGIONS)
def test_synthetic_lists_are_inspected_checked_and_prepared(
    practice: Practice, kits: dict[str, Path], region: str
) -> None:
    programme, kit = practice.programme, kits[region]
    charter = str(programme.folder / region / "charter.yaml")
    for name, (_, source) in LISTS.items():
        file = programme.folder / region / f"{source}.csv"
        mapping = kit / "mapping" / f"{name}.yaml"
        seen = command("padan-encoder", "--json", "inspect", str(file), "--charter", charter)
        assert seen.code == 0, seen.err
        proposed = yaml.safe_load(json.dumps(seen.json()[0]))["mapping"]["fields"]
        ours = yaml.safe_load(mapping.read_text("utf-8"))["fields"]
        # Presets know the lists: what they propose is what the kit says.
        assert {field: proposed[field] for field in ("nama", "nik", "kk", "kelurahan")} == {
            field: ours[field] for field in ("nama", "nik", "kk", "kelurahan")
        }
        checked = command("padan-encoder", "--json", "check", str(file), "--mapping", str(mapping))
        assert checked.code == 0, checked.err
        assert practice.people[region, name] > 100


@pytest.mark.thorough("test_synthetic_lists_are_inspected_checked_and_prepared")
def test_papua_tengah_links_its_lists(practice: Practice, kits: dict[str, Path]) -> None:
    """A whole run, from the key ceremony to the list."""
    programme, project = practice.programme, practice.projects["94"]
    parties = ("bps", "dinsos")

    def both(script: str, *arguments: str) -> None:
        for party in parties:
            programme.run(party, script, *arguments)

    def witness() -> None:
        for member in (*parties, "diskominfo", "auditor"):
            programme.run(member, "padan-policy", "witness", project)

    both("padan-encoder", "commit", project)
    witness()
    both("padan-encoder", "reveal", project)
    with the_same_keys():
        both("padan-encoder", "confirm", project)
    witness()
    both("padan-encoder", "encode", project)
    both("padan-encoder", "upload", project)
    programme.run("dinsos", "padan-policy", "order", project, "--run", "padan-1")
    witness()
    programme.run("service", "padan-linkage", "start-run", project, "padan-1", "--wait")
    domain = ("--domain", "program-dtsen")
    programme.run(
        "dinsos", "padan-policy", "request", project, "rilis-1", "--run", "padan-1", *domain
    )
    programme.run("service", "padan-linkage", "stage", project, "rilis-1")
    witness()
    for approver in ("bps-approver", "diskominfo-approver"):
        programme.run(approver, "padan-policy", "approve", project, "rilis-1")
    programme.run("service", "padan-linkage", "decide", project, "rilis-1")
    witness()
    # Opening checks the canaries, which live in Papua Tengah as the people do.
    programme.run("dinsos", "padan-encoder", "open", project, "rilis-1")
    out = programme.folder / "list.csv"
    arguments = ("list", project, "rilis-1", "program", "--ids", "--out", str(out))
    programme.run("dinsos", "padan-encoder", *arguments)
    with out.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    matched = sum(bool(row["id_padanan_program-dtsen"]) for row in listed)
    assert 0.75 < matched / practice.people["94", "program"] < 1
    assert residents(find("94")) > 1_000_000
