"""A connection that is lost on the way: what is asked again, how often, and what is not."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from policy.base.errors import PadanError, Refused, Unreachable
from policy.wire.http import send, send_patiently
from policy.wire.retries import TRIES
from policy.wire.signed_requests import Message
from tests.support.service import Town

PROBLEM = b"""{"type": "about:blank", "title": "x", "status": 503, "kind": "not-yet", "code": "x.y",
"problem": {"id": "a", "en": "b"}, "hint": {"id": "c", "en": "d"}}"""

PROBLEM_TYPE = "application/problem+json"


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy.wire.retries.FIRST_WAIT", 0.01)
    monkeypatch.setattr("policy.wire.retries.LONGEST_WAIT", 0.02)


@dataclass
class Answers:
    """What a server does with its first requests; afterwards it answers `done`."""

    first: list[Callable[[BaseHTTPRequestHandler], None]]
    nonces: list[str] = field(default_factory=list)
    url: str = ""

    def sign(self, method: str) -> Callable[[], Message]:
        made = iter(range(100))
        return lambda: Message(method, self.url, {"nonce": str(next(made))}, b"body")


@contextmanager
def server(*first: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Answers]:
    answers = Answers(list(first))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            answers.nonces.append(self.headers["nonce"])
            (answers.first.pop(0) if answers.first else answer(200, b"done"))(self)

        do_GET = do_PUT = do_POST = do  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        answers.url = f"http://127.0.0.1:{http.server_port}/"
        thread = Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield answers
        finally:
            http.shutdown()
            thread.join()


def answer(
    status: int, body: bytes, kind: str = "", **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        page = "text/html" if body.startswith(b"<") else "application/octet-stream"
        handler.send_header("content-type", kind or page)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return write


def cut(handler: BaseHTTPRequestHandler) -> None:
    """The request has arrived, and its answer is lost."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_what_changes_nothing_is_asked_again_and_signed_anew(
    method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with server(cut, answer(502, b"<h1>"), cut) as answers:
        assert send_patiently(answers.url, answers.sign(method), harmless=True) == b"done"
    assert answers.nonces == ["0", "1", "2", "3"]
    told = capsys.readouterr().err
    assert f"(4 dari {TRIES})" in told or f"(4 of {TRIES})" in told


def test_a_statement_that_may_have_arrived_is_not_sent_twice() -> None:
    with server(cut) as answers, pytest.raises(Unreachable):
        send_patiently(answers.url, answers.sign("POST"), harmless=False)
    assert answers.nonces == ["0"]


def test_a_statement_that_cannot_have_been_sent_is_sent_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        with pytest.raises(Unreachable):
            send_patiently(url, lambda: Message("POST", url, {}, b""), harmless=False)
    assert capsys.readouterr().err.count(f" {TRIES}).") >= TRIES - 1


def test_tries_are_bounded() -> None:
    with server(*[cut] * 20) as answers, pytest.raises(Unreachable):
        send_patiently(answers.url, answers.sign("GET"), harmless=True)
    assert len(answers.nonces) == TRIES
    with server(*[answer(503, b"busy")] * 20) as answers, pytest.raises(Unreachable) as caught:
        send_patiently(answers.url, answers.sign("GET"), harmless=True)
    assert len(answers.nonces) == TRIES
    assert caught.value.code == "service.gateway"


def test_a_wait_that_the_answer_names_is_kept() -> None:
    for as_date in (False, True):
        soon = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        named = soon if as_date else "1"
        with server(answer(503, PROBLEM, PROBLEM_TYPE, retry_after=named)) as answers:
            begun = time.monotonic()
            assert send_patiently(answers.url, answers.sign("GET"), harmless=True) == b"done"
        assert answers.nonces == ["0", "1"]
        assert 0.4 < time.monotonic() - begun < 30, "longer than the tests' own wait"


def test_a_statement_that_was_not_looked_at_is_sent_again() -> None:
    with server(answer(429, PROBLEM, PROBLEM_TYPE, retry_after="0")) as answers:
        assert send_patiently(answers.url, answers.sign("POST"), harmless=False) == b"done"
    assert answers.nonces == ["0", "1"]
    with server(answer(503, b"<h1>", retry_after="0")) as answers, pytest.raises(Unreachable):
        send_patiently(answers.url, answers.sign("POST"), harmless=False)
    assert answers.nonces == ["0"]


def test_a_wait_that_is_too_long_is_an_answer() -> None:
    busy = answer(429, PROBLEM, PROBLEM_TYPE, retry_after="3600")
    with server(busy) as answers, pytest.raises(PadanError) as caught:
        send_patiently(answers.url, answers.sign("GET"), harmless=True)
    assert (caught.value.code, answers.nonces) == ("x.y", ["0"])


@pytest.mark.parametrize(
    ("first", "code", "said"),
    [
        (answer(200, b"<h1>Selamat datang"), "service.page", "200"),
        (answer(404, b"<h1>"), "service.page", "404"),
        (answer(404, b"nothing"), "service.answer", "404"),
        (answer(302, b"", location="https://masuk.go.id/x?t=1"), "service.moved", "masuk.go.id"),
        (answer(413, b"<h1>"), "service.body-limit", "4 bytes"),
    ],
)
def test_what_is_not_from_padan_is_named(
    first: Callable[[BaseHTTPRequestHandler], None], code: str, said: str
) -> None:
    with server(first) as answers, pytest.raises(Refused) as caught:
        send(answers.sign("PUT")())
    assert caught.value.code == code
    assert said in caught.value.problem.en
    assert "?t=1" not in caught.value.problem.en


def test_a_gateway_that_has_lost_its_service_is_asked_again_from_the_start() -> None:
    with server(answer(502, b"<h1>")) as answers:
        again = send_patiently(answers.url, answers.sign("GET"), harmless=True, reached=False)
    assert (again, answers.nonces) == (b"done", ["0", "1"])


def test_what_the_service_itself_says_is_an_answer() -> None:
    problem = answer(503, PROBLEM, PROBLEM_TYPE)
    with server(problem) as answers, pytest.raises(PadanError) as caught:
        send_patiently(answers.url, answers.sign("GET"), harmless=True)
    assert (caught.value.code, answers.nonces) == ("x.y", ["0"])


def test_a_first_request_is_made_once() -> None:
    with server(cut) as answers, pytest.raises(Unreachable):
        send(answers.sign("GET")())
    assert answers.nonces == ["0"]


def test_a_session_waits_for_a_service_that_it_has_reached(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = Town(tmp_path)
    session = town.session("bps")
    with town.serving():
        session.get("/health")
    with pytest.raises(Unreachable):
        session.get("/health")
    assert capsys.readouterr().err.count(f" {TRIES}).") >= TRIES - 1
    with pytest.raises(Unreachable):
        town.session("bps").get("/health")
    assert capsys.readouterr().err == ""
