"""Blobs are durable, written once, and checked: in a folder and in a bucket."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import obstore
import pytest
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore

from linkage_service.storage.blobs import Blobs, chunk_folder, chunk_name
from linkage_service.storage.buckets import open_bucket
from linkage_service.storage.stores import IDENTITY, FolderStore, Store
from policy.base.canonical import sha256
from policy.base.errors import BadInput, NotYet, Refused
from tests.support.buckets import KEYS, Buckets, running_buckets

DATA = os.urandom(100_000)
CHUNK = chunk_name("jakarta", sha256(DATA))
GROUPS = "jakarta/runs/satu/groups-semua.npy"
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "shortened": lambda stored: stored[: len(stored) // 2],
    "a flipped bit": lambda stored: stored[:-9] + bytes([stored[-9] ^ 1]) + stored[-8:],
}


@pytest.fixture(scope="module")
def buckets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buckets]:
    with running_buckets(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FolderStore.made(tmp_path / "blobs")
    buckets: Buckets = request.getfixturevalue("buckets")
    bucket = open_bucket(buckets.settings(buckets.bucket()))
    bucket.create({IDENTITY: b"{}"})
    return bucket


@dataclass
class OldBlobs:
    """As earlier builds kept them: no digest is looked at."""

    store: Store

    def put(self, name: str, data: bytes) -> None:
        try:
            obstore.put(self.store.reader, name, data, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return

    def is_whole(self, name: str) -> bool:
        try:
            obstore.head(self.store.reader, name)
        except FileNotFoundError:
            return False
        return True


def heals(blobs: Any, store: Store, name: str, damage: Callable[[bytes], bytes]) -> bool:
    """Whether damage is seen, and mended by writing again."""
    blobs.put(name, DATA)
    assert blobs.is_whole(name)
    stored = bytes(obstore.get(store.reader, name).bytes())
    obstore.put(store.reader, name, damage(stored), use_multipart=False)
    seen = not blobs.is_whole(name)
    blobs.put(name, DATA)
    return seen and bytes(obstore.get(store.reader, name).bytes()) == stored


@pytest.mark.parametrize("name", [CHUNK, GROUPS], ids=["chunk", "groups"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_seen_and_mended(
    store: Store, name: str, damage: Callable[[bytes], bytes]
) -> None:
    blobs = Blobs(store)
    assert heals(blobs, store, name, damage)
    assert blobs.get(name) == DATA
    assert not heals(OldBlobs(store), store, f"{name}-lama", damage), "nothing was damaged"


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_chunk_is_told_as_missing(store: Store, damage: Callable[[bytes], bytes]) -> None:
    blobs, other = Blobs(store), sha256(b"never sent")
    blobs.put(CHUNK, DATA)
    listed = [other, sha256(DATA)]
    assert blobs.missing(chunk_folder("jakarta"), listed) == [other]
    obstore.put(store.reader, CHUNK, damage(DATA), use_multipart=False)
    assert blobs.missing(chunk_folder("jakarta"), listed) == listed
    with pytest.raises(NotYet) as refusal:
        blobs.get(CHUNK)
    assert refusal.value.code == "blob.damaged"


def test_a_whole_blob_stays(store: Store) -> None:
    blobs = Blobs(store)
    blobs.put(GROUPS, b"first")
    blobs.put(GROUPS, b"second")
    assert blobs.get(GROUPS) == b"first"


def test_a_large_blob_travels_in_parts(store: Store) -> None:
    blobs, large = Blobs(store), os.urandom(17 * 1024 * 1024)
    for _ in range(2):
        blobs.put(GROUPS, large)
    assert sha256(blobs.get(GROUPS)) == sha256(large)


def test_listing_and_deleting(store: Store) -> None:
    blobs = Blobs(store)
    blobs.put_all({f"jakarta/runs/satu/{number}": b"x" for number in range(5)})
    blobs.put("jakarta/runs/satu-dua/0", b"another folder")
    assert blobs.under("jakarta/runs/satu") == set("01234")
    blobs.delete("jakarta/runs/satu/9")
    blobs.delete_all(f"jakarta/runs/satu/{number}" for number in (0, 9))
    blobs.delete_under("jakarta/runs/satu")
    assert blobs.under("jakarta/runs/satu") == set()
    assert blobs.under("jakarta/runs") == {"satu-dua/0"}


# A folder is synced: the content before its name, the name before the answer.


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    sync, link, replace = os.fsync, os.link, Path.replace

    def synced(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        done.append("sync folder" if path.is_dir() else "sync content")
        sync(descriptor)

    def linked(*paths: Any) -> None:
        done.append("name")
        link(*paths)

    def replaced(path: Path, target: Path) -> Path:
        done.append("name")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "link", linked)
    monkeypatch.setattr(Path, "replace", replaced)
    return done


def test_content_and_name_are_synced(tmp_path: Path, calls: list[str]) -> None:
    blobs = Blobs.in_folder(tmp_path)
    calls.clear()
    blobs.put(CHUNK, DATA)
    assert calls[:2] == ["sync content", "name"]
    # The folder of the project is new, as is its folder of chunks.
    assert calls[2:] == ["sync folder"] * 3
    calls.clear()
    (tmp_path / CHUNK).write_bytes(b"")
    blobs.put(CHUNK, DATA)
    assert calls[-3:] == ["sync content", "name", "sync folder"]


def test_obstore_alone_syncs_nothing(tmp_path: Path, calls: list[str]) -> None:
    obstore.put(LocalStore(tmp_path), CHUNK, DATA, mode="create")
    assert calls == []


def test_a_crash_leaves_no_half_blob(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = Blobs.in_folder(tmp_path)

    def cut(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", cut)
        with pytest.raises(KeyboardInterrupt):
            blobs.put(CHUNK, DATA)
    assert not blobs.has(CHUNK)
    assert blobs.stored("") == []
    left = list((tmp_path / ".writing").iterdir())
    assert len(left) == 1
    assert blobs.store.tidy(left[0].stat().st_mtime - 1) == 0
    assert blobs.store.tidy(left[0].stat().st_mtime + 1) == 1
    blobs.put(CHUNK, DATA)
    assert blobs.get(CHUNK) == DATA


# A store that is gone is an error, never an empty store.


def does_nothing(blobs: Blobs) -> Iterator[Callable[[], object]]:
    yield lambda: blobs.put(CHUNK, DATA)
    yield lambda: blobs.get(CHUNK)
    yield lambda: blobs.has(CHUNK)
    yield lambda: blobs.missing(chunk_folder("jakarta"), [sha256(DATA)])
    yield lambda: blobs.under("jakarta/runs")
    yield lambda: blobs.delete(CHUNK)


@pytest.mark.parametrize("again", [False, True], ids=["gone", "empty in its place"])
def test_an_unmounted_folder_is_noticed(tmp_path: Path, again: bool) -> None:
    folder = tmp_path / "blobs"
    blobs = Blobs.in_folder(folder)
    blobs.put(CHUNK, DATA)
    folder.rename(tmp_path / "elsewhere")
    if again:
        folder.mkdir()
    for act in does_nothing(blobs):
        with pytest.raises(NotYet) as refusal:
            act()
        assert refusal.value.code == "store.gone"
    assert list(folder.rglob("*")) == []
    if again:
        folder.rmdir()
    (tmp_path / "elsewhere").rename(folder)
    assert blobs.get(CHUNK) == DATA

    old = tmp_path / "old"
    old.mkdir()
    store = LocalStore(old)
    old.rmdir()
    obstore.put(store, CHUNK, DATA, mode="create")
    assert old.exists(), "obstore alone makes the folder again"


def test_a_server_that_is_away_is_told_and_work_goes_on(
    buckets: Buckets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linkage_service.storage.buckets._RETRIES", {"max_retries": 1})
    name = buckets.bucket()
    store = open_bucket(buckets.settings(name))
    store.create({IDENTITY: b"{}"})
    blobs = Blobs(store)
    blobs.put(CHUNK, DATA)
    buckets.stop()
    for act in does_nothing(blobs):
        with pytest.raises(NotYet) as refusal:
            act()
        assert refusal.value.code == "store.gone"
        assert "127.0.0.1" not in f"{refusal.value.problem}{refusal.value.hint}"
    buckets.start()
    blobs.put("jakarta/runs/satu/tiles/00000001", b"x")
    assert blobs.under("jakarta/runs") == {"satu/tiles/00000001"}


def test_a_bucket_that_does_not_exist_is_no_empty_store(buckets: Buckets) -> None:
    blobs = Blobs(open_bucket(buckets.settings("tidak-ada")))
    for act in does_nothing(blobs):
        with pytest.raises(NotYet) as refusal:
            act()
        assert refusal.value.code == "store.gone"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"url": "https://host/wadah"}, "store.settings"),
        ({"url": "s3:///awalan"}, "store.settings"),
        ({"url": "s3://kunci:rahasia@wadah"}, "store.settings"),
        ({"endpoint": "ftp://host"}, "store.settings"),
        ({"endpoint": "http://10.0.0.1:9000"}, "store.settings"),
    ],
)
def test_settings_that_cannot_be(buckets: Buckets, change: dict[str, Any], code: str) -> None:
    with pytest.raises((BadInput, Refused)) as refusal:
        open_bucket(buckets.settings("wadah", **change))
    assert refusal.value.code == code
    assert "rahasia" not in f"{refusal.value.problem}{refusal.value.hint}"


def test_plain_http_elsewhere_is_the_operators_choice(buckets: Buckets) -> None:
    open_bucket(buckets.settings("wadah", endpoint="http://10.0.0.1:9000", plain_http=True))


@pytest.mark.parametrize(
    "text",
    [
        "aws_access_key_id = uji\n",
        "[default]\naws_access_key_id = sangat-rahasia\n",
        KEYS.replace("default", "lain"),
        "[default\n",
    ],
)
def test_a_file_without_keys(buckets: Buckets, tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys"
    file.write_text(text)
    with pytest.raises(BadInput) as refusal:
        open_bucket(buckets.settings("wadah", credentials=file))
    assert refusal.value.code == "store.credentials"
    assert "sangat-rahasia" not in f"{refusal.value.problem}{refusal.value.hint}"


def test_credentials_are_never_shown(buckets: Buckets) -> None:
    store = open_bucket(buckets.settings("wadah"))
    assert "sangat-rahasia" not in f"{store!r}{Blobs(store)!r}"
