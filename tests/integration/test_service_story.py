"""One project at the service, on both databases, with rows of which the truth is known."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from policy.base.canonical import sha256
from policy.base.errors import NotYet, PadanError, Refused
from policy.statements import Decided, RunFinished
from tests.support.databases import mostly_on
from tests.support.service import HANDLE_BYTES, Town, handle_of, open_file

MAGIC = b"padan-release-1\n"


def rows_of(plain: bytes) -> list[bytes]:
    assert plain.startswith(MAGIC)
    table = plain[len(MAGIC) + 32 :]
    assert len(table) % 64 == 0
    return [table[start : start + 64] for start in range(0, len(table), 64)]


@mostly_on("postgres")
def test_from_charter_to_files(new_database_url: Callable[[], str], tmp_path: Path) -> None:
    town = Town(tmp_path, database_url=new_database_url())
    with town.serving():
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.match("padan-1")
        again = town.start("padan-1")
        assert again["state"] == "done", "a finished run that is started again stays finished"
        assert again["tiles_done"] == again["tiles_total"] == 3

        release_is_refused_without_approvals(town)
        release_holds_what_was_planted(town)
        evidence_is_whole(town)


def release_is_refused_without_approvals(town: Town) -> None:
    town.request("rilis-1", "padan-1", "semua")
    staged = town.stage("rilis-1")
    base = f"/projects/{town.project_id}/releases/rilis-1"
    again = town.session("service").post(f"{base}/stage")  # done already: only named again
    assert json.loads(again)["unmendable"] == []
    blobs = town.folder / "homes" / "service" / "service" / "blobs" / town.project_id / "releases"
    assert {f.ciphertext for f in staged.files} <= {path.name for path in blobs.iterdir()}
    with pytest.raises(NotYet) as waiting:
        town.decide("rilis-1")
    assert waiting.value.code == "release.awaits-approvals"
    assert town.synced("service").project.release("rilis-1").decision is None
    assert len(list(blobs.iterdir())) == len(staged.files), "nothing is lost by asking early"
    decided = town.decide("rilis-1", final=True)
    assert decided["verdict"] == "refused"
    failing = [rule for rule in decided["rules"] if not rule["passed"]]
    assert [rule["rule"] for rule in failing] == ["release.approvals"]
    assert set(failing[0]["reason"]) == {"id", "en"}
    assert list(blobs.iterdir()) == [], "a refused stage is destroyed"
    mine = next(f for f in staged.files if f.dataset == "dtks")
    with pytest.raises(Refused):
        town.session("dinsos").get(f"{base}/files/{mine.ciphertext}")


def release_holds_what_was_planted(town: Town) -> None:
    town.request("rilis-2", "padan-1", "semua")
    staged = town.stage("rilis-2")
    town.approve("rilis-2", "bps-approver", "dppapp-approver")
    assert town.decide("rilis-2")["verdict"] == "released"
    ids: dict[str, dict[bytes, bytes]] = {}
    for file in staged.files:
        path = f"/projects/{town.project_id}/releases/rilis-2/files/{file.ciphertext}"
        for other in {"bps", "dinsos", "dppapp", "auditor"} - {file.recipient}:
            with pytest.raises(Refused) as refused:
                town.session(other).get(path)
            assert refused.value.code == "release.not-recipient"
        session = town.synced(file.recipient)
        plain = open_file(town, session.project, file, session.get(path), "rilis-2")
        rows = rows_of(plain)
        drawn = [row[HANDLE_BYTES:32] for row in rows]
        assert drawn == sorted(drawn)
        assert len(set(drawn)) == len({row[32:] for row in rows}) == len(rows)
        ids[file.dataset] = {row[:HANDLE_BYTES]: row[HANDLE_BYTES:32] for row in rows}
    who = {name: set(persons) for name, persons in town.persons.items()}
    learned = {handle_of("dtks", p) for p in who["dtks"] & (who["regsosek"] | who["carik"])}
    assert set(ids["dtks"]) == learned, "membership: matched rows, and these alone"
    for private in ("regsosek", "carik"):
        assert set(ids[private]) == {handle_of(private, p) for p in who[private]}
        shared = who["dtks"] & who[private]
        joined = {
            p for p in who[private] if ids[private][handle_of(private, p)] in ids["dtks"].values()
        }
        assert joined == shared
        for p in shared:
            assert ids[private][handle_of(private, p)] == ids["dtks"][handle_of("dtks", p)]


def evidence_is_whole(town: Town) -> None:
    path = f"/projects/{town.project_id}/evidence"
    data = town.session("auditor").get(path)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        leaves = archive.read("entries.jsonl").splitlines()
    project = town.synced("auditor").project
    assert len(leaves) == len(project.entries)
    assert {"roster.json", "checkpoint.txt", f"cosigned/{len(leaves):08d}.txt"} <= set(names)
    [run] = project.of(RunFinished)
    assert f"facts/{run.body.facts}.json" in names
    assert [e.body.verdict for e in project.of(Decided)] == ["refused", "released"]
    assert sha256(town.session("service").get(path)) == sha256(town.session("service").get(path))
    with pytest.raises(PadanError):
        town.session("bps").get(path)
    # What a party takes along has everything but the exact counts.
    for member in ("bps", "auditor"):
        data = town.session(member).get(path, {"audience": "party"})
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert set(archive.namelist()) == {n for n in names if not n.startswith("facts/")}
