"""Who may call what: no route without a signature, no party sees what is another's."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from structlog.testing import capture_logs

from policy.base.errors import PadanError, Refused, WrongKey
from policy.formats.http_api import API
from policy.members.home import Home
from policy.wire.session import Session
from policy.wire.signed_requests import Message, sign_request
from tests.support.processes import comes
from tests.support.programme import MEMBERS, PROJECT, Programme


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    programme = Programme(tmp_path_factory.mktemp("programme"), persons=900)
    programme.reach("signed")
    with programme.serving():
        yield programme


def session(programme: Programme, party: str) -> Session:
    passphrase = (programme.folder / "passphrases" / party).read_bytes()
    return Session(Home(programme.home(party)).unlock(passphrase), PROJECT)


def routes(programme: Programme) -> list[tuple[str, str]]:
    document = httpx2.get(f"{programme.url}/openapi.json").json()
    filled = {"{project}": PROJECT, "{run}": "r", "{name}": "n", "{recipient}": "bps"}
    found = []
    for path, methods in document["paths"].items():
        for name, value in filled.items():
            path = path.replace(name, value)
        path = path.replace("{digest}", "ab" * 32).replace("{commitment}", "ab" * 32)
        found += [(method.upper(), path) for method in methods]
    return found


def test_every_route_but_health_and_rosters_needs_a_signature(programme: Programme) -> None:
    open_routes = []
    tried = routes(programme)
    assert len(tried) > 12
    for method, path in tried:
        answer = httpx2.request(method, programme.url + path, content=b"{}")
        if answer.status_code == 200:
            open_routes.append(path)
        else:
            # People who join have no roster key yet: without an invite they are refused.
            joins = method != "GET" and path.startswith(f"{API}/joining/")
            # An invite is for those who know its fingerprint.
            fetches = path.startswith(f"{API}/invites/")
            refused = 403 if joins else 404 if fetches else 401
            assert answer.status_code == refused, path
            assert answer.headers["content-type"] == "application/problem+json"
            assert set(answer.json()["problem"]) == {"id", "en"}
    assert sorted(open_routes) == [
        f"{API}/{each}" for each in ("health", "ready", "roster", "rosters")
    ]


def signed(programme: Programme, party: str, method: str, path: str, body: bytes) -> Message:
    keys = session(programme, party).me.keys
    message = Message(method, f"{programme.url}{API}{path}", {}, body)
    sign_request(message, party, keys.signing)
    return message


def send(message: Message, **change: object) -> httpx2.Response:
    fields: dict[str, object] = {
        "method": message.method,
        "url": message.url,
        "headers": dict(message.headers),
        "content": message.body,
    }
    return httpx2.request(**{**fields, **change})  # type: ignore[arg-type]


def test_a_request_is_good_once_and_only_as_signed(programme: Programme) -> None:
    path = f"/projects/{PROJECT}/chunks/missing"
    message = signed(programme, "bps", "POST", path, b"[]")
    other = signed(programme, "bps", "POST", path, b"[]")
    assert send(message).status_code == 200
    replayed = send(message)
    assert (replayed.status_code, replayed.json()["code"]) == (401, "request.replayed")
    assert send(other, content=b"[1]").status_code == 401
    assert send(other, url=other.url.replace(PROJECT, "lain")).status_code == 401
    assert send(other, method="PUT").status_code == 401
    impostor = {**dict(other.headers)}
    impostor["Signature-Input"] = impostor["Signature-Input"].replace('"bps"', '"dinsos"')
    assert send(other, headers=impostor).status_code == 401


def test_strangers_to_the_charter_read_nothing(programme: Programme) -> None:
    """The authority is in the roster, but this charter does not name it."""
    programme.join("diskominfotik")
    stranger = session(programme, "diskominfotik")
    with pytest.raises(Refused):
        stranger.sync()
    with pytest.raises(Refused):
        stranger.get(f"/projects/{PROJECT}/evidence")


@pytest.mark.parametrize("party", [m for m in MEMBERS if m not in ("service", "diskominfotik")])
def test_only_the_coordinator_coordinates(programme: Programme, party: str) -> None:
    caller = session(programme, party)
    for path in ("runs/r/start", "releases/n/stage", "releases/n/decide"):
        with pytest.raises(Refused):
            caller.post(f"/projects/{PROJECT}/{path}")


def test_parties_see_no_exact_facts(programme: Programme) -> None:
    for party in ("bps", "dinsos", "dppapp"):
        with pytest.raises(Refused):
            session(programme, party).get(f"/projects/{PROJECT}/facts/{'ab' * 32}")


def test_only_auditors_take_evidence(programme: Programme) -> None:
    for party in ("bps", "bps-approver"):
        with pytest.raises(Refused):
            session(programme, party).get(f"/projects/{PROJECT}/evidence")
    assert session(programme, "auditor").get(f"/projects/{PROJECT}/evidence")[:2] == b"PK"


@pytest.mark.parametrize("name", ["../../roster.json", "..%2f..%2fkeys.json", "%2e%2e/keys.json"])
def test_paths_lead_nowhere(programme: Programme, name: str) -> None:
    for place in (f"/projects/{PROJECT}/blobs/{name}", f"/projects/{name}/log"):
        message = signed(programme, "bps", "PUT", place, b"x")
        assert send(message).status_code in (401, 403, 404, 405, 422)


def test_oversized_bodies_are_refused(programme: Programme) -> None:
    with pytest.raises(PadanError) as caught:
        session(programme, "bps").put(
            f"/projects/{PROJECT}/chunks/{'ab' * 32}", b"x" * (9 * 1024 * 1024)
        )
    assert caught.value.code == "request.too-large"


def test_a_statement_of_the_service_never_comes_from_outside(programme: Programme) -> None:
    from policy.base.canonical import b64
    from policy.crypto.keys import SealKey
    from policy.statements import EpochOpened

    bps = session(programme, "bps")
    bps.sync()
    key = b64(SealKey.generate().public_bytes())
    forged = bps.statement(EpochOpened(at=1, service_key=key))
    with pytest.raises(PadanError) as caught:
        bps.post(f"/projects/{PROJECT}/statements", forged.canonical())
    assert isinstance(caught.value, Refused | WrongKey)


def test_an_unexpected_error_repeats_nothing(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise RuntimeError("3171910107900001 BUDI SANTOSO")

    monkeypatch.setattr("linkage_service.api.logs.evidence_stream", broken)
    message = signed(programme, "auditor", "GET", f"/projects/{PROJECT}/evidence", b"")
    with capture_logs() as logged:
        answer = send(message)
        assert comes(lambda: len(logged) == 2), "the line of the request comes after the answer"
    assert (answer.status_code, answer.json()["code"]) == (500, "service.broken")
    assert [line["event"] for line in logged] == ["request.failed", "request"]
    for text in (repr(logged), answer.text):
        assert "3171910107900001" not in text
        assert "BUDI" not in text
