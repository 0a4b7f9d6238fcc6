"""The intake reads a bundle in passing: blocks of any size, rows across their borders."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from linkage_service.intake.bundles import Intake
from linkage_service.storage.blobs import Blobs, chunk_name, document_name
from linkage_service.storage.keystore import Keystore
from policy.base.canonical import sha256
from policy.base.clocks import system_clock
from policy.base.errors import PadanError
from policy.crypto.vault import Vault
from policy.formats.chunk_stream import CHUNK_BYTES
from policy.formats.contrary_code import CONTRARY_CODE_BYTES
from policy.statements import BundleManifest, EncodingShape
from tests.support.republic import Republic
from tests.support.service import HANDLE_BYTES, Sealed, bundle_binding, handle_root, seal_rows

WIDTH = 160
COUNT = 3 * CHUNK_BYTES // WIDTH  # a row lies across the border of two chunks


@pytest.fixture(scope="module")
def republic() -> Republic:
    return Republic().to("confirm")


@pytest.fixture(scope="module")
def rows() -> bytes:
    return b"".join(sorted(os.urandom(WIDTH) for _ in range(COUNT)))


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    return Intake(
        Blobs.in_folder(tmp_path / "blobs"),
        Keystore(Vault(tmp_path / "keys", b"k" * 32)),
        system_clock,
    )


def sent(
    republic: Republic, intake: Intake, rows: bytes, **change: Any
) -> tuple[Sealed, BundleManifest]:
    """A bundle of these rows in the blob store, and an honest manifest but for `change`."""
    charter = republic.charter
    root = change.pop("root", None) or handle_root(rows, WIDTH)
    key = intake.keystore.create(charter.project, charter.epoch)
    binding = bundle_binding(republic.project, "regsosek", root)
    sealed = seal_rows(rows, key.public_bytes(), binding, republic.keys["bps"])
    keep(intake, charter.project, sealed)
    fields: dict[str, Any] = {
        "count": len(rows) // WIDTH,
        "handle_root": root,
        "encodings": (EncodingShape(name="utama", bits=1024),),
        "row_bytes": WIDTH,
        "seal": sha256(sealed.seal),
        "chunks": len(sealed.chunks),
        "chunk_list": sha256(sealed.chunk_list),
    }
    return sealed, republic.manifest("regsosek", **{**fields, **change})


def keep(intake: Intake, project: str, sealed: Sealed) -> None:
    for chunk in sealed.chunks:
        intake.blobs.put(chunk_name(project, sha256(chunk)), chunk)
    for document in (sealed.seal, sealed.chunk_list):
        intake.blobs.put(document_name(project, sha256(document)), document)


def refused(republic: Republic, intake: Intake, manifest: BundleManifest) -> str:
    with pytest.raises(PadanError) as caught:
        intake.check(republic.project, manifest)
    return caught.value.code


def test_an_honest_bundle(republic: Republic, intake: Intake, rows: bytes) -> None:
    sealed, manifest = sent(republic, intake, rows)
    assert len(sealed.chunks) == 3
    intake.check(republic.project, manifest)
    assert b"".join(intake.rows(republic.project, manifest)) == rows


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 1), (0, 1, 2, 2), (0, 0, 1, 2), (2,)])
def test_chunks_reordered_left_out_or_repeated(
    republic: Republic, intake: Intake, rows: bytes, order: tuple[int, ...]
) -> None:
    sealed, manifest = sent(republic, intake, rows)
    other = replace(sealed, chunks=tuple(sealed.chunks[i] for i in order))
    keep(intake, republic.charter.project, other)
    change = {"chunks": len(order), "chunk_list": sha256(other.chunk_list)}
    told = manifest.model_copy(update=change)
    assert refused(republic, intake, told) == "stream.truncated"


def test_rows_too_few_too_many_or_cut(republic: Republic, intake: Intake, rows: bytes) -> None:
    few = rows[: 40 * WIDTH]
    root = handle_root(few, WIDTH)
    for wrong in (few[:-WIDTH], few + rows[40 * WIDTH : 41 * WIDTH], few[:-1], few + b"x", b""):
        _, manifest = sent(republic, intake, wrong, root=root, count=40)
        assert refused(republic, intake, manifest) == "bundle.count"


def test_handles_repeated_out_of_order_or_others(
    republic: Republic, intake: Intake, rows: bytes
) -> None:
    first, second = rows[:WIDTH], rows[WIDTH : 2 * WIDTH]
    root = handle_root(first + second, WIDTH)
    for wrong in (second + first, first + first):
        _, manifest = sent(republic, intake, wrong, root=root)
        assert refused(republic, intake, manifest) == "bundle.order"
    other = bytearray(first + second)
    other[WIDTH + HANDLE_BYTES - 1] ^= 1
    _, manifest = sent(republic, intake, bytes(other), root=root)
    assert refused(republic, intake, manifest) == "bundle.handle-root"


@pytest.mark.parametrize("width", [-WIDTH, 0, HANDLE_BYTES - 1, 2**40])
def test_widths_that_no_row_has(republic: Republic, intake: Intake, width: int) -> None:
    _, manifest = sent(republic, intake, os.urandom(WIDTH), row_bytes=width)
    assert refused(republic, intake, manifest) == "bundle.width"


def test_contrary_codes_that_are_declared_and_not_sent(
    republic: Republic, intake: Intake, rows: bytes
) -> None:
    shape = EncodingShape(name="utama", bits=1024, contrary=1)
    root = handle_root(rows, WIDTH)
    changed = {"encodings": (shape,), "row_bytes": WIDTH + CONTRARY_CODE_BYTES, "root": root}
    _, manifest = sent(republic, intake, rows, **changed)
    assert refused(republic, intake, manifest) in {"bundle.order", "bundle.count"}


def test_the_key_of_another_epoch(republic: Republic, intake: Intake, tmp_path: Path) -> None:
    _, manifest = sent(republic, intake, os.urandom(WIDTH))
    other = Intake(intake.blobs, Keystore(Vault(tmp_path / "other", b"k" * 32)), system_clock)
    with pytest.raises(PadanError):
        other.check(republic.project, manifest)
    other.keystore.create(republic.charter.project, republic.charter.epoch)
    assert refused(republic, other, manifest) == "seal.closed"
