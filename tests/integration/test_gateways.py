"""A service behind a real nginx: TLS, a path prefix, an exchanged Host; and what nginx refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from policy.base.errors import PadanError
from policy.formats.http_api import API
from policy.wire import http
from policy.wire.signed_requests import Message, sign_request
from tests.support import server
from tests.support.certificates import Authority
from tests.support.nginx import nginx
from tests.support.ports import free_port
from tests.support.service import Town

KEEPS = "location / {{ proxy_pass http://127.0.0.1:{port}; proxy_set_header Host $http_host; }}"
EXCHANGES_HOST = "location / {{ proxy_pass http://127.0.0.1:{port}; }}"
TAKES_THE_PREFIX_OFF = "location /padan/ {{ proxy_pass http://127.0.0.1:{port}/; }}"
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


class Gate:
    """A town that has signed its charter, whose members know it by an address behind nginx."""

    def __init__(self, folder: Path) -> None:
        self.town, self.port = Town(folder / "town"), free_port()
        self.authority = Authority(folder)
        self.certificate = self.authority.issue("localhost")
        with self.town.serving():
            self.town.sign_charter()
        self.move(f"https://localhost:{self.port}/padan")

    def move(self, url: str) -> None:
        """What `padan-policy join --service URL` does at every member, but for the service."""
        roster = self.town.roster
        for member in self.town.members.values():
            if member.member.id != "service":
                data = member.home.roster_file()
                member.home.pin_roster(url, data, roster.digest())

    @contextmanager
    def serving(self, public_url: str, *gateway_hosts: str) -> Iterator[None]:
        settings = self.town.settings(public_url=public_url, gateway_hosts=gateway_hosts)
        with server.serving(settings, self.town.members["service"], self.town.port):
            yield

    @contextmanager
    def nginx(self, body: str) -> Iterator[None]:
        text = body.format(port=self.town.port)
        with nginx(text, self.certificate, self.port):
            yield


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
    ("prefix", "body"),
    [
        ("", KEEPS),
        ("", EXCHANGES_HOST),
        ("/padan", KEEPS),
        ("/padan", EXCHANGES_HOST),
        ("/padan", TAKES_THE_PREFIX_OFF),
        ("/padan", NAMES_A_HOST),
        ("/padan", FORWARDS),
        ("/api", EXCHANGES_HOST),
        ("/api", TAKES_THE_PREFIX_OFF.replace("padan", "api")),
    ],
)
def test_signatures_hold_behind_a_gateway(gate: Gate, prefix: str, body: str) -> None:
    url = f"https://localhost:{gate.port}{prefix}"
    gate.move(url)
    with gate.serving(url, "padan-di-dalam"), gate.nginx(body):
        session = gate.town.synced("bps")  # reads with a query, and cosigns by a POST
        assert session.url == url
        assert session.project.entries
        chunk = b"isi"
        with pytest.raises(PadanError) as refused:
            session.put(f"/projects/{gate.town.project_id}/chunks/{'ab' * 32}", chunk)
        assert refused.value.code == "upload.digest", "a signed body came through"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (KEEPS, "request.host"),
        (EXCHANGES_HOST, "request.signature"),
        (TAKES_THE_PREFIX_OFF, "request.signature"),
        (NAMES_A_HOST, "request.host"),
    ],
)
def test_without_a_public_url_a_gateway_breaks_the_signature(
    gate: Gate, body: str, code: str
) -> None:
    gate.move(f"https://localhost:{gate.port}/padan")
    with gate.serving(""), gate.nginx(body):
        assert refusal(gate) == code
