"""TLS is verified with the certificates that this machine trusts, and each failure is explained."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from policy.base.errors import PadanError
from policy.wire import http
from policy.wire.http import send, send_patiently
from policy.wire.retries import TRIES
from policy.wire.signed_requests import Message
from policy.wire.trust import trusted_here
from tests.support.certificates import Authority

ASK = """
import sys
from policy.wire.http import send
from policy.base.errors import Unreachable
from policy.wire.signed_requests import Message
try:
    print(send(Message("GET", sys.argv[1], {}, b"")).decode())
except Unreachable as error:
    print(error.code)
"""


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def https(certificate: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), Hello) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(autouse=True)
def _trusting(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost,padan.invalid")
    http._http.cache_clear()
    yield
    http._http.cache_clear()


def asked(url: str, environment: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """What a process of its own is told, and what it says of an accident."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, url],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    return done.stdout.strip(), done.stderr


def failure(url: str) -> PadanError:
    with pytest.raises(PadanError) as caught:
        send(Message("GET", url, {}, b""))
    return caught.value


@pytest.mark.parametrize(("trusted", "told"), [(True, "hello"), (False, "service.tls-issuer")])
def test_a_service_is_known_by_a_trusted_certificate(
    authority: Authority, trusted: bool, told: str
) -> None:
    unset = {"SSL_CERT_FILE", "SSL_CERT_DIR"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    if trusted:
        environment["SSL_CERT_FILE"] = str(authority.file)
    with https(authority.issue("127.0.0.1")) as port:
        assert asked(f"https://127.0.0.1:{port}/", environment) == (told, "")


def test_the_machines_own_store_is_used_without_a_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    machine = ssl.create_default_context().get_ca_certs(binary_form=True)
    assert set(trusted_here().get_ca_certs(binary_form=True)) == set(machine)


def test_a_good_certificate_passes(authority: Authority) -> None:
    with https(authority.issue("127.0.0.1")) as port:
        assert send(Message("GET", f"https://127.0.0.1:{port}/", {}, b"")) == b"hello"


@pytest.mark.parametrize(
    ("name", "expired", "code", "said"),
    [
        ("127.0.0.1", True, "service.tls-expired", "clock"),
        ("localhost", False, "service.tls-name", "invite"),
    ],
)
def test_a_certificate_that_is_not_valid_says_why(
    authority: Authority, name: str, expired: bool, code: str, said: str
) -> None:
    with https(authority.issue(name, expired=expired)) as port:
        error = failure(f"https://127.0.0.1:{port}/")
    assert (error.code, error.exit_code) == (code, 8)
    assert f"127.0.0.1:{port}" in error.problem.id
    assert f"127.0.0.1:{port}" in error.problem.en
    assert said in error.hint.en


def test_an_unknown_authority_names_both_remedies(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority(tmp_path, "CA lain").file))
    with https(authority.issue("127.0.0.1")) as port:
        error = failure(f"https://127.0.0.1:{port}/")
    assert error.code == "service.tls-issuer"
    assert "SSL_CERT_FILE" in error.hint.id
    assert "operating system" in error.hint.en


def test_a_bad_certificate_is_not_tried_again(
    authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    with https(authority.issue("localhost")) as port:
        url = f"https://127.0.0.1:{port}/"
        with pytest.raises(PadanError):
            send_patiently(url, lambda: Message("GET", url, {}, b""), harmless=True)
    assert f" {TRIES})." not in capsys.readouterr().err


@pytest.mark.parametrize("text", [None, "bukan sertifikat"])
def test_a_variable_that_names_no_certificates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    if text is not None:
        (tmp_path / "ca.pem").write_text(text)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    error = failure("https://127.0.0.1:1/")
    assert (error.code, error.exit_code) == ("service.tls-file", 3)
    assert "SSL_CERT_FILE" in error.problem.en


def test_no_name_no_port_and_no_tls_are_told_apart() -> None:
    assert asked("https://padan.invalid/") == ("service.name", "")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        refused = failure(f"https://127.0.0.1:{closed.getsockname()[1]}/")
    assert refused.code == "service.unreachable"
    assert "refused" in refused.problem.en
    with ThreadingHTTPServer(("127.0.0.1", 0), Hello) as plain:
        thread = Thread(target=plain.serve_forever, args=(0.01,))
        thread.start()
        error = failure(f"https://127.0.0.1:{plain.server_port}/")
        plain.shutdown()
        thread.join()
    assert error.code == "service.tls"
