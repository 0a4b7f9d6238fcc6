"""A service on PostgreSQL put back: from a nightly backup, and to a point in time by its WAL.

What the programs of PostgreSQL are told is what docs/how-to/restore-the-service.md tells a person.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from encoder.steps import send_again as sending
from policy.evidence import EXIT_VERIFIED, read_bundle, verify_bundle
from policy.statements import RunFinished
from tests.support.postgres import Cluster, StoppedCluster
from tests.support.processes import PATIENCE_SECONDS
from tests.support.programme import (
    OWNER,
    PARTIES,
    PROJECT,
    Programme,
    command,
    expect,
    the_same_keys,
)
from tests.support.server import ROOT
from tests.support.service import Town

WITNESSES = (*PARTIES, "auditor")
HOW_TO = ROOT / "docs" / "how-to" / "restore-the-service.md"


# -- from a backup --------------------------------------------------------------------------------


def linkage(programme: Programme, *arguments: str, code: int = 0) -> dict[str, object]:
    url = programme.folder / "url"
    url.write_text(str(programme.database_url))
    options = (*arguments, "--database-url-file", str(url))
    answer = programme.run("service", "padan-linkage", *options, code=code)
    return answer.json()[0] if not code else {"error": answer.error}


def back_up(programme: Programme) -> str:
    return str(linkage(programme, "backup", "--to", str(programme.folder / "backups"))["folder"])


def put_back(programme: Programme, backup: str, new_url: str) -> None:
    """On a machine that has the service's identity and keystore, and an empty database."""
    refused = linkage(programme, "restore", backup, code=3)["error"]
    assert "not empty" in str(refused), "the database that is there is never written over"
    for lost in ("service/blobs", "heads", "openings"):
        shutil.rmtree(programme.home("service") / lost, ignore_errors=True)
    programme.database_url = new_url
    assert linkage(programme, "restore", backup)["projects"] == [PROJECT]


def give_back(programme: Programme) -> None:
    for witness in WITNESSES:
        programme.run(witness, "padan-policy", "give-back", PROJECT)


def test_what_came_after_a_backup_is_given_back_and_sent_again(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        postgres.fresh_database() as first,
        postgres.fresh_database() as second,
        postgres.fresh_database() as third,
        the_same_keys(),
    ):
        programme = Programme(tmp_path, persons=200, database_url=first)
        programme.found()
        with programme.serving():
            programme.sign_charter(programme.tree_of_any_size())
            for dataset in OWNER:
                programme.prepare(dataset)
            programme.each("padan-encoder", "commit", PROJECT)
            programme.witness(*WITNESSES)
            backup = back_up(programme)
            programme.each("padan-encoder", "reveal", PROJECT)
            programme.witness(*WITNESSES)
        put_back(programme, backup, second)
        with programme.serving():
            give_back(programme)
            ceremony_goes_on(programme)
            programme.each("padan-encoder", "encode", PROJECT)
            programme.run("bps", "padan-encoder", "upload", PROJECT)
            backup = back_up(programme)
            for party in ("dinsos", "dppapp"):
                programme.run(party, "padan-encoder", "upload", PROJECT)
            programme.witness(*WITNESSES)
        put_back(programme, backup, third)
        with programme.serving():
            give_back(programme)
            uploads_are_sent_again(programme, monkeypatch)


def ceremony_goes_on(programme: Programme) -> None:
    answer = programme.run("bps", "padan-encoder", "confirm", PROJECT, code=6)
    assert "dinsos, dppapp" in expect(answer, "ceremony.seal").problem.en
    for sender in ("dinsos", "dppapp"):
        programme.run(sender, "padan-encoder", "reveal", PROJECT)
    programme.run("bps", "padan-encoder", "confirm", PROJECT)
    # Its own seals are not at the service yet; 'go' sends them before it asks what is next.
    programme.run("dinsos", "padan-encoder", "confirm", PROJECT, code=6)
    programme.run("bps", "padan-encoder", "go", PROJECT)
    for party in ("dinsos", "dppapp"):
        programme.run(party, "padan-encoder", "confirm", PROJECT)
    programme.witness()
    programme.each("padan-encoder", "confirm", PROJECT)
    for party in PARTIES:
        vault = programme.home(party) / "projects" / PROJECT / "vault"
        kept = {path.name for path in vault.glob("*")}
        assert not kept & {"share.secret", "seals.secret"}, "nothing is left for a later attack"


def uploads_are_sent_again(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    programme.order("padan-1")
    # The negative control: of a build that asks nothing, the service lacks rows for ever.
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_asked", lambda _: sending._NOTHING)
        answer = programme.run("dinsos", "padan-encoder", "upload", PROJECT)
        assert "dtks sudah diterima" in answer.err
    start = ("start-run", PROJECT, "padan-1", "--wait")
    refused = programme.give("service", "padan-linkage", *start)
    assert refused.error is not None
    assert refused.error.code == "run.failed.run.rows-lost"
    assert "padan-encoder go" in refused.error.hint.en
    programme.run("dinsos", "padan-encoder", "go", PROJECT)
    programme.run("dppapp", "padan-encoder", "upload", PROJECT)
    programme.run("service", "padan-linkage", *start)


# -- to a point in time ---------------------------------------------------------------------------


def written(text: str, backup: Path) -> str:
    """Commands of the how-to, with the folder of this test's backups."""
    return text.replace("/backup/", f"{backup}/")


def block(begins: str) -> str:
    """The one code block of the how-to with this in it."""
    blocks = re.findall(r"^```\w+\n(.*?)^```$", HOW_TO.read_text(), re.MULTILINE | re.DOTALL)
    (found,) = (each for each in blocks if begins in each)
    return str(found)


@pytest.fixture
def stopped() -> Iterator[StoppedCluster]:
    """Under /tmp: user `postgres` cannot reach the folders of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="padan-pitr-"))
    folder.chmod(0o755)
    try:
        settings = written(block("archive_command"), folder / "backup")
        cluster = StoppedCluster(folder / "cluster", settings)
        for each in (folder / "backup", folder / "backup" / "wal"):
            each.mkdir()
            cluster.own(each)
        yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def shell(cluster: StoppedCluster, commands: str) -> None:
    environment = {**cluster.environment(), "PGDATA": str(cluster.data)}
    subprocess.run(
        ["sh", "-eu", "-c", commands],
        check=True,
        env=environment,
        cwd=cluster.home,
        **cluster.run_as,
    )


def archived(cluster: Cluster) -> None:
    """Wait until the WAL up to now is in the archive."""
    with psycopg.connect(**cluster.address(), autocommit=True) as connection:
        (name,) = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or ("",)
        waiting = "SELECT last_archived_wal FROM pg_stat_archiver"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while str((connection.execute(waiting).fetchone() or ("",))[0]) < name:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def promoted(cluster: Cluster) -> None:
    deadline, asked = time.monotonic() + PATIENCE_SECONDS, "SELECT pg_is_in_recovery()"
    with psycopg.connect(**cluster.address(), autocommit=True) as connection:
        while connection.execute(asked).fetchone() != (False,):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def database(town: Town) -> tuple[str, str]:
    return "--database-url-file", str(town.service_home()[1]["database"])


def given(town: Town, member: str, script: str, *arguments: str) -> dict[str, Any]:
    """What a command says that a member gives."""
    passphrase, home = town.lock(member), town.members[member].home.path
    options = ("--home", str(home), "--passphrase-file", str(passphrase), "--json")
    answer = command(script, *options, *arguments)
    assert answer.code == 0, answer.err
    told: dict[str, Any] = answer.json()[0]
    return told


@pytest.mark.thorough("test_what_came_after_a_backup_is_given_back_and_sent_again")
def test_a_service_goes_back_to_a_point_in_time_and_on(
    stopped: StoppedCluster, tmp_path: Path
) -> None:
    backup = stopped.home.parent / "backup"
    with stopped.running() as cluster:
        cluster.execute("CREATE DATABASE padan")
        town = Town(tmp_path, database_url=cluster.url("padan"))
        with town.serving():
            town.sign_charter()
            town.commit()
            shell(stopped, written(block("pg_basebackup"), backup))
            for party in town.parties:
                town.reveal(party)
            town.confirm()
            for dataset in town.persons:
                town.upload(dataset)
            town.witness()
            before = town.synced("auditor").project.size
            time.sleep(1.1)
            until = datetime.now(UTC)
            time.sleep(1.1)
            town.match("padan-1")
            town.synced("auditor")
            known, result = town.synced("bps").project.size, town.result("padan-1")
        archived(cluster)
    stopped.data.rename(stopped.home / "lost")
    back = written(block("recovery.signal"), backup)
    back, changed = re.subn(r"(recovery_target_time = )'.*'", rf"\1'{until}'", back)
    assert changed == 1
    shell(stopped, back)
    with stopped.running() as cluster:
        promoted(cluster)
        restored = given(town, "service", "padan-linkage", "restore", *database(town))
        assert restored["projects"] == [town.project_id]
        with town.serving():
            assert town.service.ledger.project(town.project_id).size == before
            for witness in WITNESSES:
                told = given(town, witness, "padan-policy", "give-back", town.project_id)
                assert told["known"] == known
            assert (town.result("padan-1"), known) == (result, town.synced("bps").project.size)
            assert len(town.synced("auditor").project.of(RunFinished)) == 1
            town.request("rilis-1", "padan-1", town.charter.domains[0].id)
            town.witness()
            town.stage("rilis-1")
            town.approve("rilis-1", "bps-approver", "dppapp-approver")
            assert town.decide("rilis-1")["verdict"] == "released"
            path = tmp_path / "evidence.zip"
            path.write_bytes(town.synced("auditor").get(f"/projects/{town.project_id}/evidence"))
            kept = town.session("auditor").replica().remembered()
            report = verify_bundle(read_bundle(path), town.roster.digest(), kept)
            assert report.exit_code == EXIT_VERIFIED
