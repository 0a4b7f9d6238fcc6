"""A service works on the store that its database knows: a folder or a bucket, and no other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from linkage_service.runs.results import Results
from linkage_service.service import Service
from linkage_service.storage.blobs import DIGEST_BYTES
from linkage_service.storage.records.database import connect
from linkage_service.storage.records.tables import stores
from linkage_service.storage.stores import IDENTITY, WRITING
from policy.base.errors import Refused
from tests.support.buckets import Buckets, running_buckets
from tests.support.programme import command
from tests.support.service import Town, open_file
from tests.support.stored_town import town_at

RUN, RELEASE = "padan-1", "rilis-1"


@pytest.fixture(scope="module")
def buckets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buckets]:
    with running_buckets(tmp_path_factory.mktemp("s3")) as running:
        yield running


def staged(town: Town) -> None:
    town.agree()
    for dataset in town.persons:
        town.upload(dataset)
    town.match(RUN)
    town.request(RELEASE, RUN, "semua")
    town.stage(RELEASE)


def released_rows(town: Town) -> int:
    """Approve and decide the stage, and open one of its files."""
    town.approve(RELEASE, "bps-approver", "dppapp-approver")
    assert town.decide(RELEASE)["verdict"] == "released"
    session = town.synced("bps")
    files = session.project.release(RELEASE).released_files
    file = next(each.file for each in files if each.file.recipient == "bps")
    path = f"/projects/{town.project_id}/releases/{RELEASE}/files/{file.ciphertext}"
    return len(open_file(town, session.project, file, session.get(path), RELEASE))


def opened(town: Town) -> Service:
    return Service.open(town.settings(), town.members["service"], town.clock)


def refused(town: Town) -> bool:
    """Whether the service does not start on this store, and says why."""
    try:
        opened(town).close()
    except Refused as error:
        return error.code == "store.wrong"
    return False


@pytest.fixture(scope="module")
def folder_town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A release is staged; the service has ended."""
    town = town_at("matched", tmp_path_factory.mktemp("folder"))
    with town.serving():
        town.request(RELEASE, RUN, "semua")
        town.stage(RELEASE)
    return town


def test_a_project_on_a_bucket(tmp_path: Path, buckets: Buckets) -> None:
    town = Town(tmp_path, extra={"store": buckets.settings(buckets.bucket())})
    with town.serving():
        staged(town)
    with town.serving():  # another process finds all of it there
        assert released_rows(town) > 0
    assert not (town.settings().blobs).exists()
    assert "sangat-rahasia" not in repr(town.settings())
    # A new bucket under a database that has blobs.
    town.extra = {"store": buckets.settings(buckets.bucket())}
    assert refused(town)


@pytest.mark.parametrize("database_knows", [True, False], ids=["known", "of an earlier build"])
@pytest.mark.parametrize("empty", [True, False], ids=["an empty folder", "no folder"])
def test_a_lost_folder_is_not_begun_again(
    folder_town: Town, tmp_path: Path, database_knows: bool, empty: bool
) -> None:
    town = folder_town.copied_to(tmp_path)
    blobs = town.settings().blobs
    if not database_knows:
        forget_identity(town)
    blobs.rename(tmp_path / "elsewhere")
    if empty:
        blobs.mkdir()
    assert refused(town)
    if empty:
        shutil.rmtree(blobs)
    assert not blobs.exists()
    (tmp_path / "elsewhere").rename(blobs)
    assert not refused(town)


def test_the_store_of_another_database(folder_town: Town, tmp_path: Path) -> None:
    one, other = (folder_town.copied_to(tmp_path / name) for name in ("one", "other"))
    forget_identity(other)
    assert not refused(other)  # it gets an identity of its own
    shutil.rmtree(one.settings().blobs)
    shutil.copytree(other.settings().blobs, one.settings().blobs)
    assert refused(one)
    identity = one.settings().blobs / IDENTITY
    identity.write_text("{")
    assert refused(one)


def test_a_store_of_an_earlier_build_is_taken_over(folder_town: Town, tmp_path: Path) -> None:
    town = folder_town.copied_to(tmp_path)
    results = town.settings().blobs / town.project_id / "runs" / RUN
    forget_identity(town)
    bare = [path for path in results.iterdir() if path.is_file()]
    bare += list((results.parents[1] / "releases").iterdir())
    for path in bare:
        path.write_bytes(path.read_bytes()[DIGEST_BYTES:])
    before = {path: path.read_bytes() for path in bare}
    for _ in range(2):  # the second time nothing is left to do
        service = opened(town)
        assert Results(service.blobs, town.project_id, RUN).groups("semua").count > 0
        service.close()
    assert all(path.read_bytes()[DIGEST_BYTES:] == data for path, data in before.items())
    with town.serving():
        assert released_rows(town) > 0


def forget_identity(town: Town) -> None:
    """Make the store and the database those of a build without identities."""
    settings = town.settings()
    (settings.blobs / IDENTITY).unlink()
    (settings.blobs / WRITING).rmdir()
    database = connect(settings.database_url)
    with database.writing("padan/store") as connection:
        connection.execute(delete(stores))
    database.close()


def test_go_serves_on_the_bucket_of_its_options(tmp_path: Path, buckets: Buckets) -> None:
    store = buckets.settings(buckets.bucket())
    town = Town(tmp_path, extra={"store": store})
    with town.serving():
        town.sign_charter()
    town.lock("service")
    home, passphrase = town.members["service"].home.path, town.folder / "passphrase"
    who = ("--home", str(home), "--passphrase-file", str(passphrase))
    go = ("go", town.project_id, "--serve", "--port", str(town.port), "--for", "1")
    without = command("padan-linkage", *who, *go)
    assert without.error is not None, without.err
    assert without.error.code == "store.wrong"
    served = command("padan-linkage", *who, "serve", "--port", str(town.port))
    assert served.error is not None, served.err
    assert served.error.code == "store.wrong"
    assert not town.settings().blobs.exists()
    options = ("--blobs-url", store.url, "--blobs-endpoint", store.endpoint)
    answer = command(
        "padan-linkage", *who, *go, *options, "--blobs-credentials", str(store.credentials)
    )
    assert answer.code == 0, answer.err
    assert town.url in answer.err + answer.out
