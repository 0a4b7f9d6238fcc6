"""A release file goes through storage and network in blocks: the same bytes, and never whole."""

from __future__ import annotations

import hashlib
import io
import random
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from linkage_service.storage.blobs import Blobs, chunk_name
from linkage_service.storage.buckets import open_bucket
from linkage_service.storage.stores import IDENTITY, WRITING, FolderStore, Store
from policy.base.errors import NotYet
from policy.base.files import write_file
from policy.crypto.vault import Vault
from policy.formats.sealed_file import SealedFile, read_parts, write_parts
from policy.wire.http import download, send_patiently
from policy.wire.signed_requests import Message
from tests.support.buckets import Buckets, running_buckets

NAME = "jakarta/releases/abc"
BLOCK = 1 << 20
BLOCKS = 48
BOUND = 16 * BLOCK  # bytes that are held at once


def blocks(count: int = BLOCKS) -> Iterator[bytes]:
    drawn = random.Random(1)
    return (drawn.randbytes(BLOCK) for _ in range(count))


def peak_of(work: Callable[[], object]) -> int:
    """The most that the work holds at once, bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


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


def keep(blobs: Blobs, scratch: Path, content: Iterator[bytes], name: str = NAME) -> None:
    with blobs.draft(scratch) as draft:
        for each in content:
            draft.write(each)
        blobs.keep(name, draft)


@pytest.mark.parametrize("size", [0, 1, 31, 3 * BLOCK + 7, 18 * BLOCK])
def test_a_draft_is_stored_as_the_same_bytes_at_once(
    store: Store, tmp_path: Path, size: int
) -> None:
    blobs, data = Blobs(store), random.Random(size).randbytes(size)
    keep(blobs, tmp_path, iter([data[: size // 3], data[size // 3 :]]))
    assert blobs.get(NAME) == data
    assert b"".join(blobs.stream(NAME)) == data
    blobs.put("jakarta/runs/satu", data)
    assert b"".join(blobs.stream("jakarta/runs/satu")) == data, "whichever way it was written"
    left = [each.name for each in tmp_path.iterdir() if each.is_file()]
    left += [each.name for each in tmp_path.glob(f"blobs/{WRITING}/*")]
    assert left == []


def test_the_first_one_stays_and_a_damaged_one_is_replaced(store: Store, tmp_path: Path) -> None:
    blobs = Blobs(store)
    keep(blobs, tmp_path, iter([b"first"]))
    keep(blobs, tmp_path, iter([b"second"]))
    assert blobs.get(NAME) == b"first"
    stored = hashlib.sha256(b"first").digest() + b"firsT"
    store.replace(NAME, stored)
    with pytest.raises(NotYet) as damaged:
        blobs.stream(NAME)  # before a block of it is out
    assert damaged.value.code == "blob.damaged"
    keep(blobs, tmp_path, iter([b"first"]))
    assert b"".join(blobs.stream(NAME)) == b"first"


def test_a_draft_without_a_name_leaves_nothing(store: Store, tmp_path: Path) -> None:
    blobs = Blobs(store)
    with blobs.draft(tmp_path) as draft:
        draft.write(b"half")
    assert blobs.under("jakarta") == set()
    assert list(tmp_path.glob(f"blobs/{WRITING}/*")) == []
    with pytest.raises(NotYet) as missing:
        blobs.stream(NAME)
    assert missing.value.code == "blob.missing"
    with pytest.raises(ValueError, match="digest"), blobs.draft(tmp_path) as draft:
        blobs.keep(chunk_name("jakarta", "ab" * 32), draft)


def test_what_is_damaged_after_it_was_found_whole_does_not_end_well(tmp_path: Path) -> None:
    """The last block is held back until all of them fit the digest."""
    blobs = Blobs.in_folder(tmp_path)
    keep(blobs, tmp_path, blocks(4))
    reading = blobs.stream(NAME)
    first = next(reading)
    path = tmp_path / NAME
    with path.open("r+b") as file:
        file.seek(-1, io.SEEK_END)
        last = file.read(1)
        file.seek(-1, io.SEEK_END)
        file.write(bytes([last[0] ^ 1]))
    got = [first]
    with pytest.raises(NotYet) as damaged:
        got += reading
    assert damaged.value.code == "blob.damaged"
    assert sum(map(len, got)) < 4 * BLOCK


def test_storage_holds_some_blocks_of_a_file(tmp_path: Path) -> None:
    blobs = Blobs.in_folder(tmp_path)

    def streamed() -> None:
        keep(blobs, tmp_path, blocks())
        assert sum(map(len, blobs.stream(NAME))) == BLOCKS * BLOCK

    def whole() -> None:
        """How earlier builds kept and read it."""
        blobs.put(f"{NAME}-lama", b"".join(blocks()))
        assert len(blobs.get(f"{NAME}-lama")) == BLOCKS * BLOCK

    assert peak_of(streamed) < BOUND
    assert peak_of(whole) > BLOCKS * BLOCK


class Answers(BaseHTTPRequestHandler):
    """A file in blocks; the first answer on `/putus` breaks off."""

    broken = False

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/octet-stream")
        self.send_header("content-length", str(BLOCKS * BLOCK))
        self.end_headers()
        breaks = self.path == "/putus" and not Answers.broken
        Answers.broken = Answers.broken or breaks
        for each in blocks(BLOCKS // 2 if breaks else BLOCKS):
            self.wfile.write(each)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def answering() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_member_holds_some_blocks_of_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy.wire.retries.FIRST_WAIT", 0.01)
    expected = hashlib.sha256(b"".join(blocks())).hexdigest()
    with answering() as url, TemporaryFile() as file:

        def streamed(path: str = "/") -> None:
            download(url + path, lambda: Message("GET", url + path, {}, b""), file)

        assert peak_of(streamed) < BOUND
        assert peak_of(lambda: send_patiently(url, lambda: Message("GET", url, {}, b""), True)) > (
            BLOCKS * BLOCK
        ), "how earlier builds took it"
        streamed("/putus")
        assert Answers.broken
        file.seek(0)
        assert hashlib.sha256(file.read()).hexdigest() == expected, "from the beginning again"


def test_the_vault_adds_one_copy_of_an_opened_file(tmp_path: Path) -> None:
    vault, opened = Vault(tmp_path, bytes(32)), random.Random(2).randbytes(BLOCKS * BLOCK)

    def put_by_copies() -> None:
        """How earlier builds joined nonce and ciphertext."""
        sealed = ChaCha20Poly1305(bytes(32)).encrypt(bytes(12), opened, b"lama")
        write_file(tmp_path / "lama.secret", bytes(12) + sealed)

    assert peak_of(lambda: vault.put("baru", opened)) < BLOCKS * BLOCK * 1.2
    assert peak_of(put_by_copies) > BLOCKS * BLOCK * 1.8
    assert peak_of(lambda: vault.get("baru")) < BLOCKS * BLOCK * 2.2
    assert vault.get("baru") == opened == vault.get("lama")


def test_a_sealed_file_is_read_part_by_part() -> None:
    file, parts = io.BytesIO(), (b"{ }", b"\xc1\xc1", b"", b"\xc2")
    digest = write_parts(file.write, parts[0], parts[1:])
    assert SealedFile(parts[0], parts[1:]).digest() == digest
    assert tuple(read_parts(file)) == parts
    whole = file.getvalue()
    for cut in range(len(whole)):
        short = io.BytesIO(whole[:cut])
        if cut in (13, 17):  # between parts, after the first chunk
            assert len(list(read_parts(short))) >= 2
            continue
        with pytest.raises(ValueError, match="cut short"):
            list(read_parts(short))
    with pytest.raises(ValueError, match="cut short"):
        list(read_parts(io.BytesIO(b"\xff\xff\xff\xff" + whole)))
