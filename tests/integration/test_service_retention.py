"""The service destroys at the charter's dates, says so in the log, and can do nothing after it."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from linkage_service import retention
from linkage_service.audit import hand_over
from linkage_service.service import Service
from linkage_service.storage.records.tables import metadata
from policy.base.canonical import sha256
from policy.base.errors import PadanError, Refused, WrongKey
from policy.base.output import Output
from policy.crypto.envelope import parse_envelope
from policy.crypto.keys import SealKey
from policy.crypto.sealing import decrypt_stream, open_seal
from policy.project import Project
from policy.retention import Item, schedule
from policy.statements import Destroyed, Hold, HoldLifted, Staged
from tests.support.clock import Clock
from tests.support.databases import mostly_on
from tests.support.processes import PATIENCE_SECONDS
from tests.support.republic import PARTIES, charter_tree
from tests.support.server import ROOT
from tests.support.service import BITS, HANDLE_BYTES, Town, bundle_binding
from tests.support.stored_town import town_at

ENCODINGS_DAYS, RELEASES_DAYS = 3, 9


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def town(clock: Clock, new_database_url: Callable[[], str], tmp_path: Path) -> Town:
    """Bundles are in and a run is done."""
    today = clock.today
    tree = charter_tree()
    tree["retention"] = {
        "jra": "PS.01",
        "encodings_until": today + timedelta(days=ENCODINGS_DAYS),
        "releases_until": today + timedelta(days=RELEASES_DAYS),
    }
    return town_at("matched", tmp_path, tree=tree, clock=clock, database_url=new_database_url())


def released(town: Town) -> Staged:
    town.request("rilis-1", "padan-1", "semua")
    staged = town.stage("rilis-1")
    town.approve("rilis-1", "bps-approver", "dppapp-approver")
    assert town.decide("rilis-1")["verdict"] == "released"
    return staged


def opened(town: Town) -> Service:
    return Service.open(town.settings(), town.members["service"], town.clock)


def folder_of(town: Town) -> Path:
    return town.members["service"].home.path / "service"


def attested(town: Town) -> list[str]:
    project = town.synced("auditor").project
    return [entry.body.what for entry in project.of(Destroyed)]


def items(town: Town, clock: Clock) -> dict[str, Item]:
    project = town.synced("bps").project
    return {i.what: i for i in schedule(project, clock.today) if i.owner == "service"}


# -- a backup, and somebody who has it and everybody's roster keys ---------------------------


@dataclass
class Backup:
    """A full copy of database and blobs, as they were while everything was kept."""

    blobs: Path
    rows: list[Any]

    @classmethod
    def of(cls, town: Town, to: Path) -> Backup:
        shutil.copytree(folder_of(town) / "blobs", to)
        service = opened(town)
        try:
            with service.ledger.database.reading() as connection:
                rows = [
                    tuple(row)
                    for table in metadata.sorted_tables
                    for row in connection.execute(table.select())
                ]
        finally:
            service.close()
        return cls(to, rows)

    def everything(self) -> Iterator[bytes]:
        for row in self.rows:
            yield from (bytes(v) if isinstance(v, bytes) else str(v).encode() for v in row)
        yield from (path.read_bytes() for path in files_in(self.blobs))

    def open_bundle(self, town: Town, project: Project, dataset: str, key: SealKey) -> bytes:
        """The rows of one bundle by this key; raises WrongKey."""
        folder = self.blobs / town.project_id
        manifest = project.bundles()[dataset].body
        binding = bundle_binding(project, dataset, manifest.handle_root)
        owner = project.roster.member(town.charter.dataset(dataset).owner)
        seal = (folder / "documents" / manifest.seal).read_bytes()
        file_key = open_seal(parse_envelope(seal), key, binding, owner.signing_public())
        listed = json.loads((folder / "documents" / manifest.chunk_list).read_bytes())
        chunks = [(folder / "chunks" / digest).read_bytes() for digest in listed]
        return b"".join(decrypt_stream(chunks, file_key, manifest.seal))


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def epoch_key(town: Town) -> SealKey:
    service = opened(town)
    try:
        return service.keystore.get(town.project_id, 1)
    finally:
        service.close()


def the_backup_opens_nothing(
    town: Town, project: Project, backup: Backup, destroyed: SealKey
) -> None:
    with pytest.raises(PadanError):
        epoch_key(town)
    roster_keys = [keys.seal for keys in town.keys.values()]
    for dataset, rows in town.rows.items():
        for key in roster_keys:
            with pytest.raises(WrongKey):
                backup.open_bundle(town, project, dataset, key)
        # The control: with the key that was destroyed, the same backup gives every row.
        assert backup.open_bundle(town, project, dataset, destroyed) == rows
    encodings = [
        rows[start + HANDLE_BYTES : start + HANDLE_BYTES + BITS // 8]
        for rows in town.rows.values()
        for start in range(0, len(rows), town.row_bytes)
    ]
    everything = b"\0".join(backup.everything())
    assert not any(encoding in everything for encoding in encodings)


# -- the service over its dates -----------------------------------------------------------------


@mostly_on("sqlite")
def test_everything_goes_at_its_date_and_nothing_works_after(
    town: Town, clock: Clock, tmp_path: Path
) -> None:
    blobs = folder_of(town) / "blobs" / town.project_id
    with town.serving():
        staged = released(town)
        auditor = town.members["auditor"]
        asked = hand_over.request(auditor, town.synced("auditor").project)
        project = town.synced("auditor").project
    backup, key = Backup.of(town, tmp_path / "backup"), epoch_key(town)

    clock.days = ENCODINGS_DAYS
    with town.serving():
        assert attested(town) == [], "the last day is not over yet"
        assert items(town, clock)["service-key"].state == "kept"

    clock.days = ENCODINGS_DAYS + 1
    with town.serving():
        assert attested(town) == [], "a clock alone destroys nothing, nor does one witness"
        town.witness()
    killed_between_destroying_and_attesting(town, clock)
    assert not list((folder_of(town) / "keystore").glob("*.secret"))
    the_backup_opens_nothing(town, project, backup, key)
    with town.serving(sweep_seconds=1):
        # The start repairs what the crash left unsaid.
        town.witness()
        assert attested(town) == ["service-key", "encodings", "candidates"]
        now = items(town, clock)
        assert {w for w, i in now.items() if i.state == "destroyed"} == set(attested(town))
        assert all(now[what].in_time for what in attested(town))
        assert {path.parent.name for path in files_in(blobs)} == {"releases"}

        nothing_works_without_rows(town, clock, asked, tmp_path)
        mine = next(f for f in staged.files if f.dataset == "dtks")
        path = f"/projects/{town.project_id}/releases/rilis-1/files/{mine.ciphertext}"
        assert town.session("dinsos").get(path), "releases may still be downloaded"
        facts = f"/projects/{town.project_id}/facts/{staged.facts}"
        assert town.session("auditor").get(facts)

        # An upload that was under way leaves something behind: the timer removes it.
        left = blobs / "chunks" / sha256(b"late")
        left.write_bytes(b"late")
        wait_until(lambda: not left.exists())

        clock.days = RELEASES_DAYS + 1
        town.witness()
        wait_until(lambda: len(attested(town)) == 5)
        assert attested(town)[3:] == ["staged-files", "openings"]
        for member, gone in (("dinsos", path), ("auditor", facts)):
            with pytest.raises(Refused) as refused:
                town.session(member).get(gone)
            assert refused.value.code == "retention.destroyed"
        evidence = town.session("auditor").get(f"/projects/{town.project_id}/evidence")
        assert evidence
    assert files_in(blobs) == []
    if town.database_url and town.database_url.startswith("sqlite"):
        with closing(sqlite3.connect(town.database_url.removeprefix("sqlite:///"))) as database:
            assert database.execute("SELECT COUNT(*) FROM openings").fetchone() == (0,)


def killed_between_destroying_and_attesting(town: Town, clock: Clock) -> None:
    """A sweep in a process of its own that dies once the key is gone."""
    home, urls = town.service_home()
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "tests.support.dying_sweep"),
            *(str(home), str(town.folder / "passphrase"), str(urls["database"])),
            *(town.project_id, str(clock.shift)),
        ],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


def nothing_works_without_rows(town: Town, clock: Clock, asked: bytes, tmp_path: Path) -> None:
    base = f"/projects/{town.project_id}"
    day = clock.today.isoformat()

    def refused_with_the_day(act: Callable[[], object]) -> None:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "retention.destroyed"
        assert day in refused.value.problem.id
        assert day in refused.value.problem.en

    service, chunk = town.session("service"), town.session("dinsos")
    refused_with_the_day(lambda: service.post(f"{base}/runs/padan-1/start"))
    refused_with_the_day(lambda: service.get(f"{base}/runs/padan-1/calibration"))
    refused_with_the_day(lambda: chunk.get(f"{base}/runs/padan-1/duplicates/dtks"))
    refused_with_the_day(lambda: chunk.put(f"{base}/chunks/{sha256(b'x')}", b"x"))
    refused_with_the_day(lambda: town.order("padan-2"))
    town.request("rilis-2", "padan-1", "semua")
    refused_with_the_day(lambda: service.post(f"{base}/releases/rilis-2/stage"))
    direct = opened(town)
    try:
        refused_with_the_day(
            lambda: hand_over.write(direct, town.project_id, asked, Output(tmp_path / "out.zip"))
        )
    finally:
        direct.close()


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@mostly_on("postgres")
def test_a_hold_keeps_everything_until_it_is_lifted(town: Town, clock: Clock) -> None:
    with town.serving():
        # All parties agree to end sooner: an amendment, since the service ends nothing early.
        town.tree["version"] = 2
        town.tree["retention"]["encodings_until"] = clock.today + timedelta(days=1)
        town.sign_charter()
        assert items(town, clock)["service-key"].due == clock.today + timedelta(days=2)
        hold = Hold(at=clock(), basis="Surat KPK R-12/2026")
        digest = town.synced("auditor").say(hold)
    clock.days = ENCODINGS_DAYS + 20
    with town.serving():
        assert attested(town) == []
        assert items(town, clock)["service-key"].state == "held"
        with pytest.raises(Refused) as refused:
            town.order("padan-2")
        assert refused.value.code == "retention.ended", "a hold preserves, and allows no use"
        lifted = HoldLifted(at=clock(), hold=digest, reason="Surat KPK R-14/2026")
        town.synced("auditor").say(lifted)
        service = opened(town)
        swept = retention.sweep(service, clock(), town.project_id)
        service.close()
        assert [each.what for each in swept] == [
            "service-key",
            "encodings",
            "candidates",
            "openings",
        ]
        assert all(items(town, clock)[each.what].in_time for each in swept)
        for party in PARTIES:
            town.synced(party)
