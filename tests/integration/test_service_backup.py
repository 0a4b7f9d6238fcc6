"""A service is backed up while it runs, and a stranger puts it back on an empty machine."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout

from linkage_service.release.files import file_name
from linkage_service.settings import Settings
from linkage_service.storage.backups import BackupRecord, newest_backup
from linkage_service.storage.backups import restore as put_back
from linkage_service.storage.blobs import document_name
from linkage_service.storage.dumps import client_variables, dump
from linkage_service.storage.records import open_database
from policy.base.canonical import sha256
from policy.base.errors import BadInput, PadanError
from policy.base.files import write_file
from policy.formats.http_api import Lacking
from policy.statements import BundleManifest, RunFinished, Staged
from policy.wire.give_back import give_back
from policy.wire.session import Session
from tests.support.databases import mostly_on
from tests.support.ports import free_port
from tests.support.postgres import Cluster
from tests.support.processes import comes
from tests.support.programme import Answer, command, expect
from tests.support.republic import PARTIES
from tests.support.service import Sealed, Town
from tests.support.stored_town import town_at

WITNESSES = (*PARTIES, "auditor")


@pytest.fixture
def town(tmp_path: Path, new_database_url: Callable[[], str]) -> Town:
    return Town(tmp_path, database_url=new_database_url())


@pytest.fixture
def empty_url(town: Town, new_database_url: Callable[[], str]) -> str | None:
    """Another database of PostgreSQL; SQLite's own is a file that is gone."""
    return town.database_url if str(town.database_url).startswith("sqlite") else new_database_url()


def linkage(town: Town, *arguments: str) -> Answer:
    home, urls = town.service_home()
    options = ("--home", str(home), "--passphrase-file", str(town.folder / "passphrase"), "--json")
    return command(
        "padan-linkage", *options, *arguments, "--database-url-file", str(urls["database"])
    )


def lose_everything(town: Town) -> None:
    """All that the service has but its identity and its keystore."""
    folder = town.members["service"].home.path
    for path in ("service/blobs", "heads", "openings"):
        shutil.rmtree(folder / path, ignore_errors=True)
    assert town.database_url is not None
    if town.database_url.startswith("sqlite"):
        Path(town.database_url.removeprefix("sqlite:///")).unlink()


def code(call: Callable[..., Any], *arguments: Any) -> str:
    with pytest.raises(PadanError) as caught:
        call(*arguments)
    return caught.value.code


@mostly_on("sqlite")
def test_a_backup_is_made_while_the_service_runs_and_put_back(
    town: Town, empty_url: str | None, tmp_path: Path
) -> None:
    assert newest_backup(town.settings()) is None
    with town.serving():
        town.agree()
        town.upload("carik")
        made = linkage(town, "backup", "--to", str(tmp_path / "backups"))
        assert made.code == 0, made.err
        before = town.synced("bps").project.size
        sent = {dataset: upload(town, dataset) for dataset in ("dtks", "regsosek")}
        town.match("padan-1")
        result = town.result("padan-1")
        for witness in WITNESSES:
            town.synced(witness)
    folder = Path(made.json()[0]["folder"])
    at = newest_backup(town.settings())
    assert at is not None
    assert timedelta(0) <= datetime.now(UTC) - at < timedelta(minutes=10)
    assert not [path for path in folder.rglob("*") if path.suffix == ".secret"], "no keys"
    lose_everything(town)
    town.database_url = empty_url
    restored = linkage(town, "restore", str(folder))
    assert restored.json()[0]["projects"] == [town.project_id]
    with town.serving():
        # Nobody has shown anything yet, and the service knows that it may be behind.
        assert code(town.reveal, "bps") == "log.behind"
        assert town.service.ledger.project(town.project_id).size == before
        for witness in WITNESSES:
            give_back(town.session(witness))
        for dataset, sealed in sent.items():  # uploaded after the backup: sent again
            session = town.synced(town.charter.dataset(dataset).owner)
            assert session.project.size > before
            assert lacking(session) == {sha256(sealed.chunk_list), sha256(sealed.seal)}
            town.send(session, sealed)
            assert lacking(session) == set()
        finished(town, result)


def upload(town: Town, dataset: str) -> Sealed:
    session = town.synced(town.charter.dataset(dataset).owner)
    sealed = town.sealed(session, dataset, town.rows[dataset])
    town.send(session, sealed)
    session.say(town.manifest(dataset, sealed))
    return sealed


def lacking(session: Session) -> set[str]:
    answer = session.get(f"/projects/{session.project_id}/lacking")
    return set(Lacking.model_validate_json(answer).documents)


def finished(town: Town, result: str) -> None:
    """From a run of which nothing is left but its statement in the log."""
    town.start("padan-1")
    assert town.wait("padan-1", lambda s: s["state"] == "done")["state"] == "done"
    assert town.result("padan-1") == result
    assert len(town.synced("auditor").project.of(RunFinished)) == 1
    for release in ("rilis-1", "rilis-2"):
        town.request(release, "padan-1", town.charter.domains[0].id)
        town.witness()
        staged = town.stage(release)
        town.approve(release, "bps-approver", "dppapp-approver")
        if release == "rilis-1":  # what a backup of before this stage would not have
            lose_files(town, staged)
            assert code(town.decide, release) == "release.lost"
    assert town.decide("rilis-2")["verdict"] == "released"
    lose_files(town, staged)
    file = staged.files[0]
    path = f"/projects/{town.project_id}/releases/rilis-2/files/{file.ciphertext}"
    assert code(town.synced(file.recipient).get, path) == "release.lost"


def lose_files(town: Town, staged: Staged) -> None:
    for file in staged.files:
        (town.settings().blobs / file_name(town.project_id, file.ciphertext)).unlink()


def test_a_damaged_backup_is_refused(tmp_path: Path) -> None:
    """Of SQLite; pg_restore checks its own files."""
    town = Town(tmp_path, database_url=f"sqlite:///{tmp_path / 'padan.sqlite'}")
    with town.serving():
        town.sign_charter()
    made = linkage(town, "backup", "--to", str(tmp_path / "backups")).json()[0]
    database = Path(made["folder"]) / "database.sqlite"
    whole = database.read_bytes()
    for damaged in (whole[:-4096], whole[:5000] + b"x" + whole[5001:], b""):
        database.write_bytes(damaged)
        answer = linkage(town, "restore", made["folder"])
        assert answer.error is not None
        assert answer.error.code == "service.backup"
    database.write_bytes(whole)
    assert linkage(town, "restore", made["folder"]).code == 0, "and twice is no harm"
    assert linkage(town, "restore", made["folder"]).code == 0


def test_a_backup_is_not_put_back_under_a_service_that_runs(
    tmp_path: Path, new_database_url: Callable[[], str]
) -> None:
    """Its statements would go to the database that was put aside. A killed one is no obstacle."""
    town = Town(tmp_path, database_url=new_database_url())
    with town.serving():
        town.sign_charter()
    folder = linkage(town, "backup", "--to", str(tmp_path / "backups")).json()[0]["folder"]
    held = town.settings().executors / "1.lock"
    for start in (lambda: town.serve_process(64), town.worker_process):
        process = start()
        try:
            assert comes(lambda: is_held(held))
            for arguments in ((folder,), ()):
                answer = linkage(town, "restore", *arguments)
                assert expect(answer, "service.running").exit_code == 6
        finally:
            process.kill()
            process.wait()
    assert linkage(town, "restore").code == 0, "the processes were killed"


def test_a_database_that_another_machine_uses_is_not_put_back(
    tmp_path: Path, postgres: Cluster
) -> None:
    """With PostgreSQL, processes with a home folder of their own."""
    with postgres.fresh_database() as url:
        town = Town(tmp_path, database_url=url)
        with town.serving():
            town.sign_charter()
        database = open_database(url)
        with database.reading():
            expect(linkage(town, "restore"), "service.running")
        database.close()
        assert linkage(town, "restore").code == 0


def is_held(path: Path) -> bool:
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True


def test_a_damaged_seal_is_asked_for_again(tmp_path: Path) -> None:
    """A run reads it and stops, and its owner is told to send it again."""
    town = town_at("uploaded", tmp_path)
    with town.serving():
        session = town.synced("bps")
        seal = session.project.by_sender(BundleManifest)["bps"].seal
        file = town.settings().blobs / document_name(town.project_id, seal)
        whole = file.read_bytes()
        assert lacking(session) == set()
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert lacking(session) == {seal}
        session.put(f"/projects/{town.project_id}/blobs/{seal}", whole)
        assert lacking(session) == set()
        assert file.read_bytes() == whole


def test_what_keeps_a_dump_from_being_made_or_put_back_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two causes that people meet: no server for this URL, and no client on this machine."""
    url = f"postgresql+psycopg://padan:rahasia@127.0.0.1:{free_port()}/padan"
    copy, folder = b"of pg_dump", tmp_path / "backup"
    write_file(folder / "database.pgdump", copy)
    record = BackupRecord(
        at="2027-01-01T00:00:00+00:00",
        kind="postgresql",
        database="database.pgdump",
        sha256=sha256(copy),
        blobs=0,
    )
    write_file(folder / "backup.json", record.canonical())
    with pytest.raises(BadInput) as stopped:
        put_back(Settings.under(tmp_path / "home", url), folder, 0)
    assert "that the PostgreSQL server runs" in stopped.value.hint.en
    assert "rahasia" not in f"{stopped.value.problem}{stopped.value.hint}"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput) as missing:
        dump(url, tmp_path / "dump")
    assert missing.value.problem.en == "pg_dump is not installed."
    assert "server runs" not in missing.value.hint.en


def test_a_dump_goes_the_way_that_the_url_of_the_database_says() -> None:
    url = "postgresql+psycopg://padan:rahasia@db.contoh.go.id:5433/padan"
    assert client_variables(f"{url}?sslmode=verify-full&sslrootcert=/etc/ca.pem") == {
        "PGHOST": "db.contoh.go.id",
        "PGPORT": "5433",
        "PGUSER": "padan",
        "PGPASSWORD": "rahasia",
        "PGDATABASE": "padan",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/etc/ca.pem",
    }


def test_a_service_without_logs_says_that_none_waits(tmp_path: Path) -> None:
    town = Town(tmp_path, database_url=f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with town.serving():
        pass  # the service makes its database
    home, urls = town.service_home()
    options = ("--lang", "en", "--home", str(home))
    sealed = ("--passphrase-file", str(town.folder / "passphrase"))
    database = ("--database-url-file", str(urls["database"]))
    answer = command("padan-linkage", *options, *sealed, "restore", *database)
    assert (answer.code, answer.out.strip()) == (0, "There is no log that waits."), answer.err
