"""`make demo`, smaller: it ends well, and everybody stays in their own folder.

Its programs are loaded once for all its commands (`tests/support/warm_programs.py`). Where nothing
may be left out, every command starts from nothing, as for a person who runs the demo.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from policy.members.home import Home
from tests.support.pages import script_of
from tests.support.processes import PATIENCE_SECONDS
from tests.support.skips import everything_is_required
from tests.support.warm_programs import warm_programs

# `make demo` runs the same commands on more people.
pytestmark = pytest.mark.thorough("integration/test_story.py::test_from_charter_to_audit")

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "docs" / "tutorials" / "jakarta" / "demo.sh"
FIRST_VERIFICATION = ROOT / "docs" / "tutorials" / "first-verification.md"
CONFIRM = ROOT / "docs" / "how-to" / "confirm-a-result.md"
WATCH = ROOT / "tests" / "support" / "watch_files"


@dataclass
class Demo:
    folder: Path
    output: str
    opened: list[tuple[str, Path]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    log = folder / "opened.log"
    with ExitStack() as until_its_end:
        installed = Path(sys.executable).parent
        programs = installed
        if not everything_is_required():
            programs = until_its_end.enter_context(warm_programs(folder / "programs"))
        ended = subprocess.run(
            ["bash", str(DEMO)],
            cwd=folder,
            env={
                **os.environ,
                "PATH": f"{programs}:{installed}:{os.environ['PATH']}",
                "PERSONS": "9000",
                "OUT": str(folder / "jakarta"),
                "PADAN_WATCH": str(log),
                "PADAN_LANG": "en",
                # East of Greenwich it is tomorrow sooner: the charter must be in force there too.
                "TZ": "EAST-14",
                "PYTHONPATH": str(WATCH),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=6 * PATIENCE_SECONDS,
            check=False,
        )
    assert ended.returncode == 0, ended.stdout[-5000:]
    opened = []
    for line in log.read_text().splitlines():
        home, _, path = line.partition("\t")
        opened.append((home, Path(path)))
    return Demo(folder / "jakarta", ended.stdout, opened)


def test_it_tells_the_whole_story(demo: Demo) -> None:
    refused = re.search(r"rilis-1 is refused; rules not fulfilled: (.*)\.", demo.output)
    assert refused is not None
    assert "release.approvals" in refused[1]
    assert "release.cells" in refused[1]
    # Dinas Sosial could join its two lists, and would hold cells of single persons.
    assert "dinsos/dtks+ppks" in demo.output
    assert "Verified up to entry" in demo.output
    assert (demo.folder / "evidence.zip").exists()
    for paper in ("audit/handover", "audit/dpia", "audit/processing-record", "lists/jejak"):
        assert "DRAFT" in (demo.folder / f"{paper}.html").read_text(encoding="utf-8")
    rows = re.findall(r"^(\w+ - \w+)\s+(.*)$", demo.output, re.MULTILINE)
    figures = {pair: [float(x) for x in rest.split()] for pair, rest in rows}
    assert set(figures) == {"carik - dtks", "dtks - regsosek"}
    for pair in ("dtks - regsosek", "carik - dtks"):
        *_, precision, recall = figures[pair]
        assert precision > 0.99, pair
        # Keys are drawn again, and the city is small.
        assert recall > 0.85, pair


def test_the_list_of_dinas_sosial_has_names_and_addresses(demo: Demo) -> None:
    with (demo.folder / "lists" / "dinsos-dtks.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 1000
    for column in ("Nama", "Alamat", "dikonfirmasi Carik", "dikonfirmasi Regsosek"):
        assert column in rows[0]
    assert all(row["Nama"] for row in rows[:100])
    book = openpyxl.load_workbook(demo.folder / "lists" / "dinsos-dtks.xlsx", read_only=True)
    assert book.sheetnames[:2] == ["ringkasan", "petunjuk"]
    assert book.sheetnames[-1] == "belum ditemukan"
    assert len(book.sheetnames) > 100, "one a kelurahan"


def test_no_command_opens_another_partys_folder(demo: Demo) -> None:
    homes = demo.folder / "homes"
    opened_at_all = set()
    for home, path in demo.opened:
        if not path.is_relative_to(homes):
            continue
        owner = path.relative_to(homes).parts[0] if path != homes else ""
        if path.name == "identity.json" and home == "-":
            continue  # the roster is compiled from public cards
        mine = Path(home).name
        assert owner in (mine, ""), f"{mine} opened a file of {owner}: {path.name}"
        opened_at_all.add(mine)
    assert {"bps", "dinsos", "dppapp", "service", "auditor"} <= opened_at_all


def test_no_command_reads_another_partys_source(demo: Demo) -> None:
    owners = {"regsosek.csv": "bps", "dtks.csv": "dinsos", "ppks.csv": "dinsos"}
    owners["carik.csv"] = "dppapp"
    read = {
        (path.name, Path(home).name)
        for home, path in demo.opened
        if path.parent == demo.folder / "sources" and home != "-" and path.name in owners
    }
    assert read == set(owners.items())


def secrets(demo: Demo) -> Iterator[tuple[str, bytes]]:
    """All private keys and vault secrets of all members but the service."""
    for folder in sorted((demo.folder / "homes").iterdir()):
        if folder.name == "service":
            continue
        passphrase = (demo.folder / "passphrases" / folder.name).read_bytes().strip()
        me = Home(folder).unlock(passphrase)
        yield f"{folder.name} passphrase", passphrase
        yield f"{folder.name} signing", me.keys.signing.private_bytes_raw()
        yield f"{folder.name} log", me.keys.log.private_bytes_raw()
        yield f"{folder.name} storage", me.keys.storage
        yield f"{folder.name} seal", me.keys.seal.secret_bytes()[:64]
        vault = me.vault("jakarta-2026")
        for name in ("local-key", "project-keys"):
            if vault.has(name):
                yield f"{folder.name} {name}", vault.get(name)


def identifiers(demo: Demo) -> set[bytes]:
    """Every NIK, full name and local record id in the sources."""
    found: set[bytes] = set()
    for file in ("regsosek", "dtks", "carik", "ppks"):
        text = (demo.folder / "sources" / f"{file}.csv").read_text(encoding="utf-8")
        found |= {nik.encode() for nik in re.findall(r"\b3[0-9]{15}\b", text)}
        found |= {record.encode() for record in re.findall(r"\b[RDCP][0-9]{7}\b", text)}
    with (demo.folder / "sources" / "carik.csv").open(newline="", encoding="utf-8") as source:
        for row in csv.DictReader(source, delimiter="|"):
            if row["nama_lengkap"].count(" ") >= 1 and len(row["nama_lengkap"]) > 12:
                found |= {row["nama_lengkap"].encode(), row["nama_lengkap"].upper().encode()}
    return found


def test_the_service_holds_no_key_of_an_agency_and_no_identifier(demo: Demo) -> None:
    held = [path for path in (demo.folder / "homes" / "service").rglob("*") if path.is_file()]
    held.append(demo.folder / "service.log")
    assert len(held) > 20
    data = {path: path.read_bytes() for path in held}
    import base64

    for name, secret in secrets(demo):
        for form in (secret, secret.hex().encode(), base64.b64encode(secret).rstrip(b"=")):
            for path, content in data.items():
                assert form not in content, f"{name} lies in {path}"
    known = identifiers(demo)
    assert len(known) > 20_000
    pattern = re.compile(rb"3[0-9]{15}|[RDCP][0-9]{7}|[A-Za-z]{2,}(?: [A-Za-z]+)+")
    for path, content in data.items():
        assert not known & set(pattern.findall(content)), f"an identifier lies in {path}"


def test_a_planted_identifier_would_be_found(demo: Demo) -> None:
    """The negative control of the test above."""
    nik = next(each for each in identifiers(demo) if each.isdigit())
    pattern = re.compile(rb"3[0-9]{15}")
    assert {nik} & set(pattern.findall(b"\x00log: " + nik + b"\x01"))


def test_nothing_of_the_evidence_is_personal(demo: Demo) -> None:
    import zipfile

    known = identifiers(demo)
    pattern = re.compile(rb"3[0-9]{15}|[RDCP][0-9]{7}")
    with zipfile.ZipFile(demo.folder / "evidence.zip") as archive:
        for name in archive.namelist():
            assert not known & set(pattern.findall(archive.read(name)))


def test_an_auditors_first_verification_goes_as_its_tutorial_says(demo: Demo) -> None:
    script = script_of(FIRST_VERIFICATION, "make demo", "cd build", "export PATH")
    assert "padan-policy verify lie.zip" in script
    done = subprocess.run(
        ["bash", "-u", "-c", script],
        cwd=demo.folder,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PADAN_LANG": "en",
            "COLUMNS": "200",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    assert re.findall(r"^exit code (\d+)$", done.stdout, re.MULTILINE) == ["9", "0", "7", "7"]
    assert re.search(r"^Verified up to entry \d+, as witnessed by 4 agencies", done.stdout, re.M)
    assert "rilis-1: refused; not fulfilled:" in done.stdout
    failed = re.findall(r"^\W*(\d+)[^\n]*FAILED", done.stdout, re.MULTILINE)
    assert failed == ["2", "1"], "the shortened log, and the other roster"
    assert (demo.folder / "auditor-desk" / "report.html").exists()


def test_an_auditor_repeats_the_demos_run_as_the_page_says(demo: Demo, tmp_path: Path) -> None:
    """Afterwards the checks stand as the first verification's tutorial says."""
    page = tmp_path / "page.md"
    page.write_text(CONFIRM.read_text("utf-8").split("## In the demo")[1], "utf-8")
    verify = (
        "padan-policy --json verify evidence-2.zip --checkpoint checkpoint-2.txt > verified.json"
        ' || test "$?" = 9'
    )
    done = subprocess.run(
        ["bash", "-eu", "-c", script_of(page, "cd build", "export PATH") + verify],
        cwd=demo.folder,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    checks = json.loads((demo.folder / "verified.json").read_text())["checks"]
    standing = {each["id"]: each["standing"] for each in checks}
    assert (standing["decisions"], standing["limits"]) == ("attested", "asserted")
    found = {f["id"]: f["standing"] for check in checks for f in check["findings"]}
    assert (found["decisions.rilis-2"], found["limits.rilis-2"]) == ("proved", "proved")
    assert found["limits.elsewhere"] == "asserted"
    [run] = [f for c in checks for f in c["findings"] if f["id"] == "decisions.rerun.padan-1"]
    assert len(run["agencies"]) == 2
