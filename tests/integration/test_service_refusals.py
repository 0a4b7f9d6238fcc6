"""What a signed caller may still not send: each is refused by name, none breaks the service."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from policy.base.canonical import sha256
from policy.base.errors import PadanError
from policy.formats.http_api import API
from policy.statements import Accepted, Committed
from policy.wire.signed_requests import Message, sign_request
from tests.support.service import HANDLE_BYTES, ROW_BYTES, Town
from tests.support.stored_town import town_at


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Keys are agreed; no bundle is in."""
    town = town_at("agreed", tmp_path_factory.mktemp("town"))
    with town.serving():
        yield town


def refusal(call: Callable[..., Any], *arguments: Any, **named: Any) -> str:
    """The code of what the service refused, which has both languages."""
    with pytest.raises(PadanError) as caught:
        call(*arguments, **named)
    error = caught.value
    assert error.problem.id
    assert error.problem.id != error.problem.en
    assert error.hint.id
    return error.code


def test_an_unsigned_and_a_replayed_request(town: Town) -> None:
    url = f"{town.url}{API}/projects/{town.project_id}/log?start=0"
    unsigned = httpx2.get(url)
    assert (unsigned.status_code, unsigned.json()["code"]) == (401, "request.signature")
    message = Message("GET", url, {}, b"")
    sign_request(message, "bps", town.keys["bps"].signing)
    assert httpx2.get(url, headers=dict(message.headers)).status_code == 200
    replayed = httpx2.get(url, headers=dict(message.headers))
    assert (replayed.status_code, replayed.json()["code"]) == (401, "request.replayed")


def test_a_stranger_to_the_charter_reads_nothing(town: Town) -> None:
    base = f"/projects/{town.project_id}"
    for path in ("log", "mailbox", "evidence", "runs/padan-1", f"facts/{'ab' * 32}"):
        assert refusal(town.session("walidata").get, f"{base}/{path}") == "service.not-entitled"


@pytest.mark.parametrize("name", ["tidak-ada", "A", "x" * 64])
def test_a_project_that_is_not_there(town: Town, name: str) -> None:
    session = town.session("bps")
    assert refusal(session.get, f"/projects/{name}/log") == "service.no-project"


@pytest.mark.parametrize("start", ["-1", "x", str(2**31), "1" + "0" * 40])
def test_a_start_that_no_log_has(town: Town, start: str) -> None:
    path = f"/projects/{town.project_id}/log"
    assert refusal(town.session("bps").get, path, {"start": start}) == "request.malformed"


@pytest.mark.parametrize("name", ["A", "x" * 65])
def test_names_that_no_run_and_no_facts_have(town: Town, name: str) -> None:
    base = f"/projects/{town.project_id}"
    assert refusal(town.session("service").post, f"{base}/runs/{name}/start") == "request.malformed"
    assert refusal(town.session("auditor").get, f"{base}/facts/{name}") == "request.malformed"


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'["ab"]', b"[" * 100_000, b"\xff"])
def test_a_list_of_chunks_that_is_none(town: Town, body: bytes) -> None:
    path = f"/projects/{town.project_id}/chunks/missing"
    assert refusal(town.session("bps").post, path, body) == "upload.malformed"


@pytest.mark.parametrize("line", [b"", b"x", b"\xff", b"\xe2\x80\x94 bps AAAA\n"])
def test_a_cosignature_that_is_none(town: Town, line: bytes) -> None:
    town.synced("bps")
    path = f"/projects/{town.project_id}/cosignatures"
    code = refusal(town.session("bps").post, path, line)
    assert code.startswith(("witness.", "log.")), code


def test_a_clock_that_is_wrong(town: Town) -> None:
    session = town.synced("bps")
    late = Committed(at=int(time.time()) - 700, commitment="ab" * 32, epoch_key="", datasets={})
    path = f"/projects/{town.project_id}/statements"
    assert refusal(session.post, path, session.statement(late).canonical()) == "service.clock"


def test_statements_in_the_service_s_or_a_peer_s_name(town: Town) -> None:
    path = f"/projects/{town.project_id}/statements"
    peer, service = town.synced("bps"), town.synced("service")
    body = Accepted(at=int(time.time()), dataset="dtks", bundle="ab" * 32)
    forged = service.statement(body).canonical()
    assert refusal(peer.post, path, forged) == "service.sender"
    assert refusal(service.post, path, forged) == "service.sender"


# -- the mailbox ----------------------------------------------------------------------------


@pytest.mark.parametrize("recipient", ["bps", "auditor", "tidak-ada"])
def test_seals_go_from_party_to_party(town: Town, recipient: str) -> None:
    path = f"/projects/{town.project_id}/mailbox/{recipient}"
    assert refusal(town.session("bps").put, path, b"{}") == "service.mailbox"


# -- bundles --------------------------------------------------------------------------------


NO_LISTS = [b"", b"{}", b'["../../keys.json"]', b"[1]", b"[" * 100_000, b"\xff"]


def test_bundles_and_orders(town: Town) -> None:
    """One story: until the bundles are in, which the steps before them ask for."""
    bundles_that_are_not_as_committed(town)
    for listed in NO_LISTS:
        a_manifest_of_chunks_that_are_none(town, listed)
    a_bundle_goes_in_once(town)
    orders_outside_the_charter_or_without_a_proper_name(town)


def bundles_that_are_not_as_committed(town: Town) -> None:
    rows = town.rows["dtks"]
    foreign = os.urandom(HANDLE_BYTES) + rows[HANDLE_BYTES:ROW_BYTES]
    first, rest = rows[:ROW_BYTES], rows[ROW_BYTES:]
    refused = {
        "bundle.count": (rows[:-ROW_BYTES], {}),
        "bundle.order": (rest + first, {}),
        "bundle.handle-root": (b"".join(sorted([foreign, *split(rest)])), {}),
        "bundle.width": (rows, {"row_bytes": 0}),
        "bundle.chunks": (rows, {"chunks": 2}),
        "blob.missing": (rows, {"chunk_list": "ab" * 32}),
        "seal.closed": (rows, {"handle_root": "ab" * 32}),
        "charter.unknown-dataset": (rows, {"dataset": "lain"}),
        "project.terms": (rows, {"terms": "ab" * 32}),
    }
    for code, (sent, change) in refused.items():
        assert refusal(town.upload, "dtks", sent, **change) == code
    assert refusal(town.upload, "dtks", rows[:-1]) == "bundle.count"
    for width in (-160, 15, 2**40):
        assert refusal(town.upload, "dtks", rows, row_bytes=width) == "bundle.width"
    assert town.synced("auditor").project.of(Accepted) == []


def split(rows: bytes) -> list[bytes]:
    return [rows[start : start + ROW_BYTES] for start in range(0, len(rows), ROW_BYTES)]


def a_manifest_of_chunks_that_are_none(town: Town, listed: bytes) -> None:
    session = town.synced("bps")
    sealed = town.sealed(session, "regsosek", town.rows["regsosek"])
    town.send(session, sealed)
    session.put(f"/projects/{town.project_id}/blobs/{sha256(listed)}", listed)
    manifest = town.manifest("regsosek", sealed, chunk_list=sha256(listed))
    assert refusal(session.say, manifest) == "bundle.chunks"


def a_bundle_goes_in_once(town: Town) -> None:
    town.upload("carik")
    assert refusal(town.upload, "carik") == "project.again"
    [accepted] = town.synced("auditor").project.of(Accepted)
    assert accepted.body.dataset == "carik"


# -- runs -----------------------------------------------------------------------------------


def orders_outside_the_charter_or_without_a_proper_name(town: Town) -> None:
    """Uploads what is missing."""
    for dataset in ("regsosek", "dtks"):
        town.upload(dataset)
    laxer = {"utama": town.charter.matching.thresholds_ppm["utama"] - 1}
    assert refusal(town.order, "luar", thresholds_ppm=laxer) == "gate.run.parameters"
    for name in ("../../x", "x" * 64, "A", "a\0"):
        assert refusal(town.order, name) == "option.name"
    assert refusal(town.order, "") == "project.run"
    assert refusal(town.start, "tak-diperintah") == "run.not-ordered"
    assert refusal(town.run_state, "tak-diperintah") == "run.not-started"
