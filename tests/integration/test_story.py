"""The whole story through the real command lines and real HTTP; killed or not, it ends alike."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from pyarrow import parquet

from encoder.steps import workspace
from encoder.store import handles
from policy.base.errors import Unreachable
from policy.members.home import Home
from policy.project import Project
from policy.wire.replica import replica_of
from tests.support.buckets import running_buckets
from tests.support.deadly_gateway import Gateway, Strike, gateway
from tests.support.kept_up import die_at, kept_up
from tests.support.ports import free_port
from tests.support.postgres import Cluster
from tests.support.programme import PARTIES, PROJECT, ROOT, Answer, Programme


@dataclass(frozen=True)
class Told:
    """The story up to the release, of which an auditor has the evidence."""

    programme: Programme
    opened: list[dict[str, Any]]
    people: list[dict[str, str]]
    evidence: Path
    kept: Path


def tell(programme: Programme) -> Told:
    """By the commands of every party; the service may be stopped afterwards."""
    folder = programme.folder
    programme.sign_charter(with_two_encodings(programme))
    with the_same_handles():
        programme.agree()
    programme.upload()
    programme.match("padan-1")

    approvers = ("bps-approver", "dinsos-approver")
    refused = programme.release("rilis-1", "padan-1", *approvers, final=True, code=4)
    assert refused.error is not None
    assert "release.approvals" in refused.error.problem.en
    programme.run("bps", "padan-encoder", "open", PROJECT, "rilis-1", code=4)

    programme.release("rilis-2", "padan-1", "bps-approver", "dppapp-approver")
    programme.witness()
    opened = []
    for party in PARTIES:
        opened += programme.run(party, "padan-encoder", "open", PROJECT, "rilis-2").json()
    programme.witness(*PARTIES, "auditor")
    evidence, kept = folder / "evidence.zip", folder / "kept.txt"
    programme.run("auditor", "padan-policy", "evidence", PROJECT, "--out", str(evidence))
    programme.run("auditor", "padan-policy", "checkpoint", PROJECT, "--out", str(kept))
    people = folder / "people.csv"
    arguments = ("list", PROJECT, "rilis-2", "dtks", "--out", str(people), "--column", "Alamat")
    listed = programme.run("dinsos", "padan-encoder", *arguments).json()[0]["rows"]
    with people.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == listed
    return Told(programme, opened, rows, evidence, kept)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """On SQLite and a folder, by one process that nobody kills; the service ends before it does."""
    programme = Programme(tmp_path_factory.mktemp("undisturbed"))
    programme.found()
    with programme.serving():
        told = tell(programme)
        page = programme.folder / "calibration.html"
        asked = ("calibration", PROJECT, "padan-1", "--out", str(page))
        facts = programme.run("service", "padan-linkage", *asked).json()[0]
    known = [each["facts"] for each in facts["pairs"] if each["facts"] is not None]
    assert all(each["precision_ppm"]["estimate"] > 900_000 for each in known)
    assert 0 < len(known) == page.read_text(encoding="utf-8").count("<svg")
    return told


def verified(told: Told, *missing: str, code: int = 0) -> int:
    """The exit code of an offline verification, without these options if there are any."""
    programme = told.programme
    options = {"--roster-digest": programme.digest, "--checkpoint": str(told.kept)}
    given = [part for each in options.items() if each[0] not in missing for part in each]
    arguments = ("verify", str(told.evidence), *given)
    answer = programme.run("bps-approver", "padan-policy", *arguments, code=code)
    return int(answer.json()[0]["exit_code"])


def test_from_charter_to_audit(undisturbed: Told, tmp_path: Path) -> None:
    programme, rows = undisturbed.programme, undisturbed.people
    assert {each["canaries"] for each in undisturbed.opened} == {"all-as-expected"}
    forms = {each["form"] for each in undisturbed.opened if each["dataset"] != "dtks"}
    assert forms == {"private-index"}
    assert len(rows) > 400
    assert {"Nama", "Alamat", "dikonfirmasi Regsosek atau Carik", "keadaan"} <= set(rows[0])
    same_list_in_other_forms(programme, rows, tmp_path)

    precision, recall = judge(programme, "dtks", "regsosek")
    # A few hundred pairs; how good matching is, is for `make bench-quality` to say.
    assert precision > 0.98
    assert recall > 0.85

    assert verified(undisturbed) == 0
    for missing in ("--checkpoint", "--roster-digest"):
        assert verified(undisturbed, missing, code=9) == 9


# In the order in which the story comes to them.
STRIKES = (
    Strike("PUT", "/mailbox/", "whole"),
    Strike("POST", "/statements", "answered", b"padan/reveal"),
    Strike("PUT", "/chunks", "half"),
    Strike("POST", "/statements", "whole", b"padan/bundle"),
    Strike("POST", "/statements", "answered", b"padan/bundle"),
    Strike("POST", "/runs/padan-1/start", "answered"),
    Strike("POST", "/releases/rilis-1/stage", "whole"),
    Strike("POST", "/releases/rilis-1/decide", "answered"),
    Strike("POST", "/releases/rilis-2/stage", "answered"),
    Strike("POST", "/releases/rilis-2/decide", "whole"),
    Strike("GET", "/releases/rilis-2/files/", "answered"),
    Strike("GET", "/evidence", "whole"),
)
# After a tile, after the groups, and with the run's statement written but not committed.
MOMENTS = ("one tile", "groups", "statement, not committed")


@pytest.mark.thorough(
    "integration/test_run_killed.py::test_a_run_goes_on_after_a_kill_at_each_moment"
)
def test_killed_in_each_phase_it_ends_as_undisturbed(
    undisturbed: Told, postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By two processes on PostgreSQL and S3, each started again after a SIGKILL.

    A command whose service died is given again, as a person would.
    """
    monkeypatch.setattr("policy.wire.retries.FIRST_WAIT", 0.05)
    programme = Patient(tmp_path / "programme")
    programme.found()
    services = Gateway(tmp_path / "up", (free_port(), free_port()), list(STRIKES))
    with postgres.fresh_database() as url, two_services(programme, services, url):
        for moment in MOMENTS:
            die_at(services.folder, moment)
        told = tell(programme)
    assert services.strikes == []
    assert [each for each in MOMENTS if (services.folder / each).exists()] == []
    assert len(set(services.killed)) == len(STRIKES)
    again = Counter(programme.given_again)
    # Once for each POST that was struck, and more often where a service died with its run.
    struck = {"reveal": 1, "upload": 2, "start-run": 1, "stage": 2, "decide": 2}
    assert again.keys() == struck.keys(), "its POST alone"
    assert all(again[name] >= times for name, times in struck.items())
    assert not (programme.home("service") / "service" / "blobs").exists()

    whole = undisturbed.programme
    assert said(programme) == said(whole), "no statement is lost, and none is there twice"
    assert result_of(programme) == result_of(whole)
    assert told.people == undisturbed.people
    assert verified(told) == 0


@dataclass
class Patient(Programme):
    """Gives a command again whose service did not answer, as a person would."""

    given_again: list[str] = field(default_factory=list)

    def give(self, party: str, script: str, *arguments: str) -> Answer:
        answer = super().give(party, script, *arguments)
        while isinstance(answer.error, Unreachable):
            self.given_again.append(arguments[0])
            answer = super().give(party, script, *arguments)
        return answer


@contextmanager
def two_services(programme: Programme, services: Gateway, database: str) -> Iterator[None]:
    """On this database and a bucket of their own, behind the address of the programme."""
    folder, options = programme.folder, ["--tile-rows", str(programme.tile_rows)]
    passphrase = folder / "passphrases" / "service"
    (folder / "database-url").write_text(database)
    options += ["--database-url-file", str(folder / "database-url"), "--processes", "0"]
    with running_buckets(folder) as buckets:
        store = buckets.settings(buckets.bucket())
        options += ["--blobs-url", store.url, "--blobs-endpoint", store.endpoint]
        options += ["--blobs-credentials", str(store.credentials)]
        home = programme.home("service")
        with (
            kept_up(services.folder, services.ports, home, passphrase, options),
            gateway(programme.port, services),
        ):
            yield


def log_of(programme: Programme) -> Project:
    """From BPS's copy."""
    return replica_of(Home(programme.home("bps")), PROJECT).load().project


def result_of(programme: Programme) -> str:
    return log_of(programme).run("padan-1").require_finished().body.result


def said(programme: Programme) -> list[tuple[str, str, str]]:
    """Each statement's kind, sender and run or release, in the order of the log."""
    statements = [entry.statement for entry in log_of(programme).entries]
    return [(each.body.TYPE, each.sender, each.binding.run) for each in statements]


@contextmanager
def the_same_handles() -> Iterator[None]:
    """Handles as in every other programme: their key and nonces are those of their number alone."""

    class Drawn:
        urandom = staticmethod(lambda size: Random(size).randbytes(size))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workspace, "os", Drawn)
        patch.setattr(handles, "os", Drawn)
        yield


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
