"""Bundles and orders that must be refused, after an honest key ceremony."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.programme import PARTIES, PROJECT, Programme, expect


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """All have agreed on keys and encoded; BPS has not uploaded yet."""
    programme = Programme(tmp_path_factory.mktemp("programme"), persons=900)
    programme.reach("agreed")
    with programme.serving():
        programme.each("padan-encoder", "encode", PROJECT)
        for party in ("dinsos", "dppapp"):
            programme.run(party, "padan-encoder", "upload", PROJECT)
        yield programme


@pytest.fixture
def bundle(programme: Programme) -> Iterator[Path]:
    """BPS's bundle, restored after each test."""
    folder = bundle_of(programme)
    saved = folder.with_name("saved")
    shutil.copytree(folder, saved)
    yield folder
    shutil.rmtree(folder)
    saved.rename(folder)


def bundle_of(programme: Programme) -> Path:
    return programme.home("bps") / "projects" / PROJECT / "bundles" / "regsosek"


def upload(programme: Programme, code: int, error: str) -> None:
    answer = programme.run("bps", "padan-encoder", "upload", PROJECT, code=code)
    expect(answer, error)
    steps = programme.run("bps", "padan-policy", "status", PROJECT).json()[0]["steps"]
    accepted = next(step for step in steps if step["step"] == "bundle")
    there, _, missing = accepted["by"].partition("missing: ")
    assert "regsosek" not in there, "a refused bundle was accepted"
    assert "regsosek" in missing


def change_manifest(bundle: Path, **change: object) -> None:
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    (bundle / "manifest.json").write_text(json.dumps({**manifest, **change}))


def relist(bundle: Path) -> None:
    """Let the manifest name the chunks as they are now, as a careless encoder would."""
    from encoder.steps.bundle import BundleFolder
    from policy.base.canonical import canonical_json, sha256

    digests = [sha256(chunk) for chunk in BundleFolder(bundle).chunks()]
    change_manifest(bundle, chunks=len(digests), chunk_list=sha256(canonical_json(digests)))


def test_a_truncated_bundle(programme: Programme, bundle: Path) -> None:
    sealed = bundle / "sealed.bin"
    sealed.write_bytes(sealed.read_bytes()[:-100])
    relist(bundle)
    upload(programme, 3, "stream.truncated")


def test_an_altered_bundle(programme: Programme, bundle: Path) -> None:
    sealed = bundle / "sealed.bin"
    data = bytearray(sealed.read_bytes())
    data[500] ^= 1
    sealed.write_bytes(data)
    relist(bundle)
    upload(programme, 3, "stream.truncated")


def test_chunks_that_the_manifest_does_not_name(programme: Programme, bundle: Path) -> None:
    change_manifest(bundle, chunk_list="ab" * 32)
    upload(programme, 6, "blob.missing")


def test_a_seal_of_another_bundle(programme: Programme, bundle: Path) -> None:
    other = programme.home("dinsos") / "projects" / PROJECT / "bundles" / "dtks"
    for name in ("sealed.bin", "seal.json"):
        shutil.copy(other / name, bundle / name)
    relist(bundle)
    seal = json.loads((other / "manifest.json").read_bytes())["seal"]
    change_manifest(bundle, seal=seal)
    upload(programme, 5, "seal.closed")


def test_a_bundle_of_another_project(programme: Programme, bundle: Path) -> None:
    """Honest rows, sealed to the right key, but bound to another project."""
    from encoder.steps.bundle import BundleFolder, bundle_binding
    from policy.base.canonical import unb64
    from policy.crypto.sealing import encrypt_stream, new_file_seal
    from policy.members.home import Home
    from policy.statements import BundleManifest, EpochOpened
    from policy.wire.session import Session

    passphrase = (programme.folder / "passphrases" / "bps").read_bytes()
    session = Session(Home(programme.home("bps")).unlock(passphrase), PROJECT)
    project = session.recall()
    root = json.loads((bundle / "manifest.json").read_bytes())["handle_root"]
    binding = bundle_binding(session, "regsosek", BundleManifest.SEAL_TYPE, root)
    service_key = project.of(EpochOpened)[0].body.service_key
    seal = new_file_seal(
        unb64(service_key),
        binding.model_copy(update={"project": "proyek-lain"}),
        session.me.keys.signing,
    )
    rows = [b"row" * 1000]
    sealed = b"".join(encrypt_stream(rows, seal.key, seal.header_digest))
    BundleFolder(bundle).sealed.write_bytes(sealed)
    BundleFolder(bundle).seal.write_bytes(seal.envelope.canonical())
    relist(bundle)
    change_manifest(bundle, seal=seal.header_digest)
    upload(programme, 5, "seal.closed")


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        # A root that was not committed: the seal is bound to the committed one.
        ({"handle_root": "ab" * 32}, "seal.closed", 5),
        ({"count": 5}, "bundle.count", 4),
        ({"row_bytes": 150}, "bundle.order", 4),
        ({"terms": "ab" * 32}, "project.terms", 4),
        ({"dataset": "dtks"}, "project.not-entitled", 4),
    ],
)
def test_a_manifest_that_is_not_what_was_agreed(
    programme: Programme, bundle: Path, change: dict[str, object], error: str, code: int
) -> None:
    change_manifest(bundle, **change)
    upload(programme, code, error)


def test_a_replaced_source_after_the_commitment(programme: Programme) -> None:
    answer = programme.prepare("regsosek", code=4)
    expect(answer, "prepare.committed")


def test_an_order_before_all_bundles_are_in(programme: Programme) -> None:
    answer = programme.run("dinsos", "padan-policy", "order", PROJECT, "--run", "dini", code=6)
    expect(answer, "project.wait-bundle")


def test_the_honest_bundle_is_accepted_after_a_wrong_one(tmp_path: Path) -> None:
    programme = Programme(tmp_path, persons=900)
    programme.reach("agreed")
    with programme.serving():
        programme.run("bps", "padan-encoder", "encode", PROJECT)
        manifest = bundle_of(programme) / "manifest.json"
        honest = manifest.read_bytes()
        change_manifest(manifest.parent, chunk_list="ab" * 32)
        upload(programme, 6, "blob.missing")
        manifest.write_bytes(honest)
        programme.run("bps", "padan-encoder", "upload", PROJECT)


def test_with_all_bundles_in_orders_outside_the_charter_are_refused(tmp_path: Path) -> None:
    programme = Programme(tmp_path, persons=900)
    programme.reach("uploaded")
    with programme.serving():
        refuses_what_the_charter_does_not_say(programme)


def refuses_what_the_charter_does_not_say(programme: Programme) -> None:
    for outside in (("--threshold", "lahir=500000"), ("--domain", "lain")):
        answer = programme.run(
            "dinsos", "padan-policy", "order", PROJECT, "--run", "luar", *outside, code=4
        )
        expect(answer, "gate.run.parameters")
    answer = programme.run(
        "service", "padan-linkage", "start-run", PROJECT, "tak-diperintah", code=6
    )
    expect(answer, "run.not-ordered")
    answer = programme.run(
        "dinsos",
        "padan-policy",
        *("request", PROJECT, "rilis", "--run", "tak-ada", "--domain", "jakarta"),
        code=6,
    )
    expect(answer, "project.wait-run")


def test_shares_are_gone_once_keys_are_confirmed(programme: Programme) -> None:
    """Old traffic and roster keys rebuild nothing (T14)."""
    for party in PARTIES:
        vault = programme.home(party) / "projects" / PROJECT / "vault"
        assert not (vault / "share.secret").exists()
        assert (vault / "project-keys.secret").exists()
    import sqlite3

    store = programme.home("service") / "service" / "padan.sqlite"
    with sqlite3.connect(store) as connection:
        assert connection.execute("SELECT COUNT(*) FROM mailbox").fetchone() == (0,)
