"""`padan-linkage doctor`: a healthy deployment passes, and each fault is found and named."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from linkage_service.doctor import Deployment, examine, workers
from linkage_service.doctor.unsafe import check_settings
from linkage_service.readiness import lately
from linkage_service.runs.leases import Leases
from linkage_service.runs.states import lease_name
from linkage_service.service import Service
from linkage_service.settings import Settings
from linkage_service.storage.records import open_database
from linkage_service.storage.records.database import connect
from linkage_service.storage.records.read_only import look_into
from linkage_service.storage.stores import FolderStore
from policy.terminal.checks import SelfCheck, Standing
from tests.support import server
from tests.support.programme import command
from tests.support.service import Town
from tests.support.skips import everything_is_required
from tests.support.successions import next_roster

HOUR = 3600


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A project whose charter is signed; the service has ended."""
    town = Town(tmp_path_factory.mktemp("stored"))
    with town.serving():
        town.sign_charter()
        town.witness()
    town.lock("service")
    return town


@pytest.fixture
def town(stored: Town, tmp_path: Path) -> Town:
    """A copy of its own, readable by its owner only, with a backup of now."""
    town = stored.copied_to(tmp_path / "town")
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "log.zip").write_bytes(b"isi")
    for folder, _, files in os.walk(town.folder):
        Path(folder).chmod(0o700)
        for each in files:
            (Path(folder) / each).chmod(0o600)
    return town


@pytest.fixture
def serving(town: Town) -> Iterator[Town]:
    with town.serving():
        yield town


_ROOT = pytest.mark.skipif(
    os.geteuid() != 0 and not everything_is_required(), reason="only root gives files away"
)


def deployment(town: Town, **changed: object) -> Deployment:
    backups = town.folder.parent / "backups"
    plain = Deployment(town.settings(), town.members["service"], backups=backups)
    return replace(plain, **changed)  # type: ignore[arg-type]


def found(examined: Deployment) -> dict[str, SelfCheck]:
    return {each.id: each for each in examine(examined)}


def to_fix(examined: Deployment) -> set[str]:
    checks = found(examined).values()
    assert all(each.remedy is None for each in checks if each.standing is Standing.FINE)
    for each in checks:
        if each.standing is Standing.FIX:
            assert each.remedy is not None
            assert each.remedy.id != each.remedy.en
    return {each.id for each in checks if each.standing is Standing.FIX}


def home_of(town: Town) -> Path:
    return town.members["service"].home.path


def test_a_healthy_deployment_passes(serving: Town) -> None:
    options = ("--home", str(home_of(serving)), "--passphrase-file")
    passphrase, backups = serving.folder / "passphrase", serving.folder.parent / "backups"
    arguments = ("--json", "doctor", "--backups", str(backups))
    answer = command("padan-linkage", *options, str(passphrase), *arguments)
    assert answer.code == 0, answer.err
    checks = {each["id"]: each for each in answer.json()}
    parts = {"disk", "database", "store", "keystore", "roster", "clock"}
    assert parts | {"address.signature", "backups", "versions"} <= set(checks)
    assert {each["standing"] for each in checks.values()} <= {"fine", "look"}
    passphrase.chmod(0o644)
    again = command("padan-linkage", *options, str(passphrase), *arguments)
    assert again.code == 1
    assert [each["id"] for each in again.json() if each["standing"] == "fix"] == ["modes.keys"]


def test_nothing_is_wrong_with_the_deployment_of_these_tests(serving: Town) -> None:
    assert to_fix(deployment(serving)) == set()


def make_keys_readable_for_a_group(town: Town) -> None:
    keys = home_of(town) / "keys.json"
    keys.chmod(0o640)
    os.chown(keys, -1, _shared_group())


def _shared_group() -> int:
    """A group of another account."""
    return next(each.pw_gid for each in pwd.getpwall() if each.pw_gid != os.getegid())


def make_keys_readable_for_all(town: Town) -> None:
    (home_of(town) / "keys.json").chmod(0o644)


def make_the_home_readable(town: Town) -> None:
    home_of(town).chmod(0o755)


def lose_the_database(town: Town) -> None:
    for each in (home_of(town) / "service").glob("padan.sqlite*"):
        each.unlink()


def damage_the_database(town: Town) -> None:
    (home_of(town) / "service" / "padan.sqlite").write_bytes(b"bukan basis data" * 1000)


def age_the_database(town: Town) -> None:
    with sqlite3.connect(home_of(town) / "service" / "padan.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0004'")


def mount_another_folder(town: Town) -> None:
    shutil.rmtree(town.settings().blobs)
    town.settings().blobs.mkdir()


def lose_a_key(town: Town) -> None:
    (key,) = (each for each in town.settings().keystore.rglob("*") if each.is_file())
    key.unlink()


@pytest.mark.parametrize(
    ("plant", "faults"),
    [
        pytest.param(make_keys_readable_for_a_group, {"modes.keys"}, marks=_ROOT),
        (make_keys_readable_for_all, {"modes.keys"}),
        (make_the_home_readable, {"modes.folders"}),
        (lose_the_database, {"database"}),
        (damage_the_database, {"database"}),
        (age_the_database, {"database"}),
        (mount_another_folder, {"store"}),
        (lose_a_key, {"keystore"}),
    ],
)
def test_each_fault_is_found(town: Town, plant: Callable[[Town], None], faults: set[str]) -> None:
    """The service has ended, so that its address is not reached either."""
    plant(town)
    assert to_fix(deployment(town)) == {*faults, "address.reached"}


def test_an_old_database_stays_as_it_is(town: Town) -> None:
    age_the_database(town)
    checks = found(deployment(town))
    assert "0004" in checks["database"].found.en
    assert checks["database"].remedy is not None
    assert "backup" in checks["database"].remedy.en
    with sqlite3.connect(home_of(town) / "service" / "padan.sqlite") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("0004",)
        ]


def test_clock_roster_and_disk(town: Town) -> None:
    plain, now = deployment(town), town.clock()
    behind = replace(plain, clock=lambda: now - 40 * 24 * HOUR)
    assert "clock" in to_fix(behind)
    assert "roster" in to_fix(replace(plain, clock=lambda: now + 40 * 366 * 24 * HOUR))
    full = replace(plain.settings, least_free_bytes=2**62)
    assert "disk" in to_fix(replace(plain, settings=full))


def test_the_address_is_tried_as_members_use_it(town: Town, stored: Town) -> None:
    settings = town.settings(public_url="https://padan.contoh.go.id")
    with server.serving(settings, town.members["service"], town.port):
        # The service expects another address than its home, and thus its commands, use.
        assert to_fix(deployment(town)) == {"address.signature"}
    other = Town(town.folder.parent / "other", port=town.port)
    with other.serving():
        checks = found(deployment(town))
        assert checks["address.reached"].standing is Standing.FIX
        assert "not of this service" in checks["address.reached"].found.en


def test_backups(town: Town) -> None:
    backups = town.folder.parent / "backups"
    kept = backups / "log.zip"
    assert "backups" not in to_fix(deployment(town))
    os.utime(kept, (town.clock() - 30 * HOUR,) * 2)
    assert "backups" in to_fix(deployment(town))
    assert "backups" not in to_fix(deployment(town, backup_hours=48))
    (backups / "empty.zip").touch()
    assert "backups" in to_fix(deployment(town)), "an empty file is no backup"
    kept.unlink()
    assert "no backup" in found(deployment(town))["backups"].found.en
    none = found(deployment(town, backups=None))["backups"]
    assert none.standing is Standing.LOOK
    within = deployment(town, backups=home_of(town))
    assert "settings.keystore" in to_fix(within), "a key in a backup is not destroyed"


def test_settings_that_work_and_should_not_be_used(tmp_path: Path) -> None:
    def faults(url: str = "https://padan.contoh.go.id", **more: object) -> set[str]:
        settings = Settings.under(tmp_path, **more)  # type: ignore[arg-type]
        checks = check_settings(settings, url, None)
        return {each.id for each in checks if each.standing is Standing.FIX}

    far = "postgresql+psycopg://padan@db.contoh.go.id/padan"
    assert faults(database_url=f"{far}?sslmode=verify-full") == set()
    assert faults(database_url="postgresql+psycopg://padan@/padan?host=/run/postgresql") == set()
    assert faults(database_url=far) == {"settings.database"}
    assert faults(database_url=f"{far}?sslmode=require") == {"settings.database"}
    assert faults("http://127.0.0.1:8321") == set()
    assert faults("http://padan.contoh.go.id") == {"settings.tls"}
    assert faults(trusted_proxies=("10.0.0.7",)) == set()
    assert faults(trusted_proxies=("10.0.0.7", "*")) == {"settings.proxies"}


def contents(town: Town) -> dict[str, bytes]:
    """Every file of the service's home, but for SQLite's index of the log that it shares."""
    files = (each for each in sorted(home_of(town).rglob("*")) if each.is_file())
    return {str(each): each.read_bytes() for each in files if not each.name.endswith("-shm")}


@pytest.fixture
def killed(serving: Town, tmp_path: Path) -> Town:
    """As a service leaves its files that was killed: the newest entries are in SQLite's log."""
    session = serving.session("bps")
    session.sync_or_begin()
    town = serving.copied_to(tmp_path / "killed")
    assert (home_of(town) / "service" / "padan.sqlite-wal").stat().st_size > 0
    return town


@pytest.mark.parametrize("which", ["town", "killed"])
def test_no_byte_changes(request: pytest.FixtureRequest, which: str) -> None:
    town: Town = request.getfixturevalue(which)
    if which == "town":
        hand_over_a_roster(town)
    before = contents(town)
    checks = found(deployment(town))
    assert {"disk", "database", "store", "keystore", "roster", "clock"} <= set(checks)
    assert contents(town) == before
    opened = Service.open(town.settings(), town.members["service"], town.clock)
    handed_on = opened.ledger.project(town.project_id).roster_digest
    newest = opened.ledger.roster.digest()
    opened.close()
    assert contents(town) != before, "how it was looked at before"
    assert handed_on == newest


def test_a_database_to_look_at_takes_no_change(database_url: str) -> None:
    open_database(database_url).close()
    database = look_into(database_url)
    change = text("INSERT INTO stores (id) VALUES ('lain')")
    try:
        with database.reading() as connection:
            assert connection.execute(text("SELECT count(*) FROM stores")).scalar() == 0
        for begin in (database.reading, lambda: database.writing("jakarta")):
            with pytest.raises(SQLAlchemyError), begin() as connection:
                connection.execute(change)
    finally:
        database.close()
    weak = connect(database_url)
    try:
        with weak.writing("jakarta") as connection:
            connection.execute(change)
    finally:
        weak.close()


def test_a_run_that_nobody_works_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LAPSE_SECONDS", 2.0)
    service = Service.open(town.settings(), town.members["service"], town.clock)
    try:
        assert found(deployment(town))["workers"].standing is Standing.FINE, "there is no run"
        service.runs.states.announce(town.project_id, "padan-1")
        assert "workers" in to_fix(deployment(town))
        at_work = Leases(service.ledger.database, "pekerja-1")
        lease = at_work.claim(lease_name(town.project_id, "padan-1"))
        assert lease is not None
        assert "workers" in to_fix(deployment(town)), "a holder that died"
        with at_work.beating():
            checks = found(deployment(town))
            assert checks["workers"].standing is Standing.FINE
            assert checks["workers"].found.en.startswith("1 ")
    finally:
        service.close()


def test_a_database_of_a_later_version_asks_for_that_version(town: Town) -> None:
    with sqlite3.connect(home_of(town) / "service" / "padan.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    remedy = found(deployment(town))["database"].remedy
    assert remedy is not None
    assert "install that version" in remedy.en


def test_a_home_without_its_roster_says_how_to_get_it_back(serving: Town) -> None:
    shutil.rmtree(home_of(serving) / "rosters")
    remedy = found(deployment(serving))["roster"].remedy
    assert remedy is not None
    said = re.search(r"padan-policy (join .*)", remedy.en)
    assert said is not None
    options = ("--home", str(home_of(serving)), "--json")
    assert command("padan-policy", *options, *said[1].split()).code == 0
    assert to_fix(deployment(serving)) == set()


def test_what_the_running_service_cannot_do_is_found(
    serving: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lately, "FRESH_SECONDS", 0.0)
    assert "running" in found(deployment(serving))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FolderStore, "replace", full)
    monkeypatch.setattr(FolderStore, "create", full)
    checks = found(deployment(serving))
    assert checks["store"].standing is Standing.FINE, "a look without writing sees nothing"
    assert checks["running.store"].standing is Standing.FIX


def hand_over_a_roster(town: Town) -> None:
    """The service's home has learned a roster that no project has yet."""
    roster, data = next_roster(town)
    home = town.members["service"].home
    home.learn(data)
    assert home.roster() == roster
