"""A service behind a real nginx: TLS, a path prefix, an exchanged Host; and what nginx refuses."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI, Request

from linkage_service.limits.server import server_config
from policy.base.errors import PadanError, Refused, Unreachable
from policy.formats.chunk_stream import SEALED_CHUNK_BYTES
from policy.formats.http_api import API
from policy.wire import http
from policy.wire.retries import TRIES
from policy.wire.signed_requests import Message, sign_request, verify_request
from tests.support.gateways import EXCHANGES_HOST, KEEPS, TAKES_THE_PREFIX_OFF, Gate
from tests.support.joining import Joiners
from tests.support.ports import free_port
from tests.support.programme import ROOT

NAMES_A_HOST = """location /padan/ {{
    proxy_pass http://127.0.0.1:{port}/; proxy_set_header Host padan-di-dalam;
}}"""
FORWARDS = """location /padan/ {{
    proxy_pass http://127.0.0.1:{port}/;
    proxy_set_header X-Forwarded-Host penyerang.example;
    proxy_set_header X-Forwarded-Prefix /lain;
    proxy_set_header X-Forwarded-Proto gopher;
    proxy_set_header Forwarded "host=penyerang.example;proto=http";
}}"""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    return Gate(tmp_path_factory.mktemp("gate"))


@pytest.fixture(autouse=True)
def _trusts_the_authority(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(gate.authority.file))
    monkeypatch.setattr("policy.wire.retries.FIRST_WAIT", 0.01)
    http._http.cache_clear()
    yield
    http._http.cache_clear()


def refusal(gate: Gate) -> str:
    with pytest.raises(PadanError) as caught:
        gate.town.synced("bps")
    return caught.value.code


@pytest.mark.parametrize(
    ("prefix", "bodies"),
    [
        ("", [KEEPS, EXCHANGES_HOST]),
        ("/padan", [KEEPS, EXCHANGES_HOST, TAKES_THE_PREFIX_OFF, NAMES_A_HOST, FORWARDS]),
        ("/api", [EXCHANGES_HOST, TAKES_THE_PREFIX_OFF.replace("padan", "api")]),
    ],
)
def test_signatures_hold_behind_a_gateway(gate: Gate, prefix: str, bodies: list[str]) -> None:
    url = f"https://localhost:{gate.port}{prefix}"
    gate.move(url)
    with gate.serving(url, "padan-di-dalam"):
        for body in bodies:
            with gate.nginx(body):
                session = gate.town.synced("bps")  # reads with a query, and cosigns by a POST
                assert session.url == url
                assert session.project.entries
                with pytest.raises(PadanError) as refused:
                    session.put(f"/projects/{gate.town.project_id}/chunks/{'ab' * 32}", b"isi")
                assert refused.value.code == "upload.digest", "a signed body came through"


@pytest.mark.parametrize("place", ["nginx/padan.conf", "compose/proxy.conf"])
def test_signatures_hold_behind_the_nginx_of_deploy(gate: Gate, place: str) -> None:
    """Its settings as they are, but for names, ports and the certificate of this test."""
    text = (ROOT / "deploy" / place).read_text()
    body = text[text.index("server {") + len("server {") : text.rindex("}")]
    body = re.sub(r"\s(listen|server_name|ssl_certificate|ssl_certificate_key) .*;", "", body)
    body, count = re.subn(r"http://[\w.]+:8321", f"http://127.0.0.1:{gate.town.port}", body)
    assert count == 1
    url = f"https://localhost:{gate.port}"
    gate.move(url)
    with gate.serving(url), gate.nginx(body.replace("{", "{{").replace("}", "}}")):
        session = gate.town.synced("bps")
        assert session.project.entries
        with pytest.raises(PadanError) as taken:
            session.put(
                f"/projects/{gate.town.project_id}/chunks/{'ab' * 32}", b"x" * SEALED_CHUNK_BYTES
            )
        assert taken.value.code == "upload.digest", "nginx lets a whole chunk through"


def test_without_a_public_url_a_gateway_breaks_the_signature(gate: Gate) -> None:
    gate.move(f"https://localhost:{gate.port}/padan")
    with gate.serving(""):
        for body, code in (
            (KEEPS, "request.host"),
            (EXCHANGES_HOST, "service.older"),  # there is no path /padan
            (TAKES_THE_PREFIX_OFF, "request.signature"),
            (NAMES_A_HOST, "request.host"),
        ):
            with gate.nginx(body):
                assert refusal(gate) == code


def test_an_address_to_which_a_client_was_led_is_refused(gate: Gate) -> None:
    """A request that a member signed for another name, handed on by whoever has that name."""
    town, public = gate.town, f"https://localhost:{gate.port}/padan"
    path = f"{API}/projects/{town.project_id}/log?start=0"
    message = Message("GET", f"http://penyerang.example{path}", {}, b"")
    sign_request(message, "bps", town.keys["bps"].signing)
    verify_request(message, town.roster)  # valid, so that nothing but the address can refuse it
    elsewhere = Message("GET", f"{town.url}{path}", {}, b"")
    sign_request(elsewhere, "bps", town.keys["bps"].signing)
    with gate.serving(public):
        led = {"host": "penyerang.example", **message.headers}
        answer = httpx2.get(f"{town.url}{path}", headers=led)
        assert (answer.status_code, answer.json()["code"]) == (421, "request.host")
        answer = httpx2.get(f"{town.url}{path}", headers=dict(message.headers))
        assert (answer.status_code, answer.json()["code"]) == (401, "request.signature")
        answer = httpx2.get(f"{town.url}{path}", headers=dict(elsewhere.headers))
        assert (answer.status_code, answer.json()["code"]) == (401, "request.elsewhere")
        assert httpx2.get(f"{town.url}{API}/health").status_code == 200


@contextmanager
def silent(port: int) -> Iterator[None]:
    """Takes connections and says nothing."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        yield


def test_what_nginx_refuses_is_explained(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"https://localhost:{gate.port}/padan"
    gate.move(url)
    path = f"/projects/{gate.town.project_id}/chunks/{'ab' * 32}"
    with gate.serving(url):
        with gate.nginx(TAKES_THE_PREFIX_OFF):  # nginx takes 1 MB unless it is told otherwise
            session = gate.town.synced("bps")
            with pytest.raises(Refused) as refused:
                session.put(path, b"x" * SEALED_CHUNK_BYTES)
            assert refused.value.code == "service.body-limit"
            assert f"{SEALED_CHUNK_BYTES} bytes" in refused.value.problem.en
            assert "client_max_body_size" in refused.value.hint.id
        with gate.nginx("client_max_body_size 16m;" + TAKES_THE_PREFIX_OFF):
            with pytest.raises(PadanError) as taken:
                session.put(path, b"x" * SEALED_CHUNK_BYTES)
            assert taken.value.code == "upload.digest", "the service itself looked at it"
    capsys.readouterr()
    with gate.nginx(TAKES_THE_PREFIX_OFF):  # the service has gone: 502
        with pytest.raises(Unreachable) as gone:
            session.get("/health")
        assert gone.value.code == "service.gateway"
        assert "502" in gone.value.problem.en
        assert capsys.readouterr().err.count(f" {TRIES}).") == TRIES - 1
        with pytest.raises(Unreachable):
            session.post(f"/projects/{gate.town.project_id}/statements", b"{}")
        assert capsys.readouterr().err == "", "a statement may have arrived"
    slow = "proxy_read_timeout 100ms;" + TAKES_THE_PREFIX_OFF
    with silent(gate.town.port), gate.nginx(slow), pytest.raises(Unreachable) as late:
        session.get("/health")
    assert "504" in late.value.problem.en
    with gate.nginx("location / {{ return 200 '<h1>Masuk</h1>'; default_type text/html; }}"):
        with pytest.raises(Refused) as page:
            session.get("/health")
        assert page.value.code == "service.page"


def test_a_service_that_comes_back_is_waited_for(gate: Gate) -> None:
    url = f"https://localhost:{gate.port}/padan"
    gate.move(url)
    with gate.nginx(TAKES_THE_PREFIX_OFF), ExitStack() as later:
        session = gate.town.session("bps")
        tries = iter(range(TRIES))

        def start_at_the_third(_: object) -> None:
            if next(tries) == 1:
                later.enter_context(gate.serving(url))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(http, "_tell", start_at_the_third)
            session.sync()
        assert next(tries) == 2


class Guests(Joiners):
    """People who are invited to an address behind nginx."""

    behind: str

    @property
    def url(self) -> str:
        return self.behind


def test_people_join_behind_a_gateway(tmp_path: Path, gate: Gate) -> None:
    """Without a roster the public addresses are those in the invites."""
    guests = Guests(tmp_path, gate.town.port)
    guests.behind = f"https://localhost:{gate.port}/padan"
    guests.invite()
    with guests.receiving(), gate.nginx(TAKES_THE_PREFIX_OFF):
        guests.accept("dinsos")
        answer = httpx2.get(f"{gate.town.url}{API}/health", headers={"host": "penyerang.example"})
        assert (answer.status_code, answer.json()["code"]) == (421, "request.host")
    assert "dinsos" not in guests.invite().json()[0]["missing"]


@pytest.mark.parametrize("trusted", [(), ("127.0.0.1",)])
def test_a_forwarded_address_counts_from_a_named_proxy_only(
    gate: Gate, trusted: tuple[str, ...]
) -> None:
    """The limits of a caller go by this address."""
    app = FastAPI()

    @app.get("/")
    def who(request: Request) -> str:
        assert request.client is not None
        return request.client.host

    port = free_port()
    settings = gate.town.settings(trusted_proxies=trusted)
    running = uvicorn.Server(server_config(app, settings))
    with socket.socket() as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(("127.0.0.1", port))
        opened.listen()
        thread = Thread(target=running.run, kwargs={"sockets": [opened]})
        thread.start()
        try:
            seen = httpx2.get(
                f"http://127.0.0.1:{port}/", headers={"x-forwarded-for": "192.0.2.7"}
            ).json()
        finally:
            running.should_exit = True
            thread.join()
    assert seen == ("192.0.2.7" if trusted else "127.0.0.1")
