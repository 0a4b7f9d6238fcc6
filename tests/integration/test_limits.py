"""What strangers and members may take of a running service, over real sockets."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI, Request

from linkage_service.api import problems
from linkage_service.limits.bodies import BoundedBodies
from linkage_service.limits.parties import TooMany, Turns
from linkage_service.limits.server import most_connections, server_config
from linkage_service.settings import LimitSettings, Settings
from policy.base.canonical import canonical_json
from policy.formats.http_api import API
from policy.wire.signed_requests import Message, sign_request
from tests.support import server as servers
from tests.support.ports import free_port
from tests.support.service import Town

MIB = 1024 * 1024
BODY = 79 * MIB // 10  # of a request that stops short of the bound
STRICT = LimitSettings(
    connections=60,
    connections_per_address=40,
    header_seconds=1,
    keep_alive_seconds=1,
    body_idle_seconds=1,
    shutdown_seconds=1,
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("town"))
    with town.serving():
        town.sign_charter()
        yield town


@contextmanager
def running(config: uvicorn.Config) -> Iterator[uvicorn.Server]:
    """A server in a thread, which ends within the time that its own bounds give it."""
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield server
    finally:
        server.should_exit = True
        thread.join(20)
        server.force_exit = True
        thread.join()


def reading_app(bounds: LimitSettings = STRICT) -> FastAPI:
    """Reads bodies as the service does."""
    app = FastAPI()

    @app.post("/read")
    async def read(request: Request) -> int:
        return len(await request.body())

    problems.install(app)
    app.add_middleware(BoundedBodies, bounds=bounds, most_bytes=8 * MIB)
    return app


@contextmanager
def bounded(tmp_path: Path, limits: LimitSettings = STRICT) -> Iterator[int]:
    port = free_port()
    settings = replace(Settings.under(tmp_path), limits=limits)
    config = server_config(reading_app(limits), settings, host="127.0.0.1", port=port)
    with running(config):
        yield port


@contextmanager
def unbounded() -> Iterator[int]:
    """The form before there were bounds."""
    port, app = free_port(), FastAPI()

    @app.post("/read")
    async def read(request: Request) -> int:
        return len(await request.body())

    with running(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical")):
        yield port


def connected(port: int, sent: bytes = b"") -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port), timeout=10)
    opened.sendall(sent)
    return opened


def is_closed(opened: socket.socket, seconds: float) -> bool:
    """Whether the other side closes within that time; what it sends before is dropped."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        opened.settimeout(left)
        try:
            if not opened.recv(65536):
                return True
        except TimeoutError:
            return False
        except OSError:
            return True
    return False


@contextmanager
def sockets(count: int, port: int, sent: bytes = b"") -> Iterator[list[socket.socket]]:
    opened: list[socket.socket] = []
    try:
        for _ in range(count):
            opened.append(connected(port, sent))
        yield opened
    finally:
        for each in opened:
            each.close()


# -- strangers ------------------------------------------------------------------------------

HALF = f"POST {{path}} HTTP/1.1\r\nHost: 127.0.0.1:{{port}}\r\nContent-Length: {BODY}\r\n"


def send_bodies(port: int, path: str, count: int) -> int:
    """Bytes of unsigned bodies that the server took before it answered or stopped reading."""
    head = HALF.format(path=path, port=port).encode() + b"\r\n"
    block, taken = bytes(65536), 0
    with sockets(count, port, head) as opened:
        for each in opened:
            each.settimeout(2)
            sent = 0
            with suppress(OSError):
                while sent < BODY - len(block) and not _answered(each):
                    sent += each.send(block)
            taken += sent
    return taken


def _answered(opened: socket.socket) -> bool:
    return bool(select.select([opened], [], [], 0)[0])


def test_a_stranger_is_answered_before_the_body_is_read(town: Town) -> None:
    head = HALF.format(path=f"{API}/projects/{town.project_id}/statements", port=town.port)
    with contextlib.closing(connected(town.port, head.encode() + b"\r\n")) as opened:
        opened.settimeout(5)
        assert opened.recv(12) == b"HTTP/1.1 401"
        assert is_closed(opened, 8), "and the connection is not kept for the rest"


def test_bodies_of_strangers_are_not_held(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 20 bodies of 7.9 MB the service holds none; the old form held all of them."""
    held: list[int] = []

    async def counted(request: Request, most: int) -> bytes:
        body = bytearray()
        async for block in request.stream():
            body += block
            held.append(len(block))
        return bytes(body)

    monkeypatch.setattr("linkage_service.api.auth.read_body", counted)
    path = f"{API}/projects/{town.project_id}/statements"
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda _: send_bodies(town.port, path, 1), range(20)))
    assert sum(held) == 0
    with unbounded() as port:  # the control: a form that reads before it asks who sends
        assert send_bodies(port, "/read", 2) > 15 * MIB


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("PUT", f"chunks/{'ab' * 32}", 2 * MIB),
        ("POST", "cosignatures", 5000),
        ("POST", "runs/r/start", 1),
        ("GET", "log", 1),
    ],
)
def test_a_stated_length_above_the_bound_of_the_route_is_refused_at_once(
    town: Town, method: str, path: str, most: int
) -> None:
    url = f"{town.url}{API}/projects/{town.project_id}/{path}"
    message = Message(method, url, {}, b"x" * most)
    sign_request(message, "bps", town.keys["bps"].signing)
    lines = [f"{name}: {value}" for name, value in message.headers.items()]
    head = "\r\n".join(
        [
            f"{method} {urlsplit(url).path} HTTP/1.1",
            f"Host: 127.0.0.1:{town.port}",
            f"Content-Length: {most}",
            *lines,
            "\r\n",
        ]
    )
    with contextlib.closing(connected(town.port, head.encode())) as opened:
        opened.settimeout(5)
        assert opened.recv(12) == b"HTTP/1.1 413"


def test_a_body_without_a_length_is_bounded_while_it_is_read(town: Town) -> None:
    url = f"{town.url}{API}/projects/{town.project_id}/cosignatures"
    body = b"x" * 5000
    message = Message("POST", url, {}, body)
    sign_request(message, "bps", town.keys["bps"].signing)
    answer = httpx2.post(url, headers=dict(message.headers), content=iter([body]))
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too-large")


def test_a_signature_for_another_body_is_refused(town: Town) -> None:
    url = f"{town.url}{API}/projects/{town.project_id}/chunks/missing"
    message = Message("POST", url, {}, b"[]")
    sign_request(message, "bps", town.keys["bps"].signing)
    answer = httpx2.post(url, headers=dict(message.headers), content=b"[ ]")
    assert (answer.status_code, answer.json()["code"]) == (401, "request.signature")


# -- connections ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /read HTT", b"GET /read HTTP/1.1\r\nHost: x\r\nX-Long: "],
    ids=["silent", "part-of-a-line", "headers-without-end"],
)
def test_headers_have_a_time(tmp_path: Path, sent: bytes) -> None:
    with bounded(tmp_path) as port, contextlib.closing(connected(port, sent)) as opened:
        assert is_closed(opened, 4)
    if sent:  # the control: uvicorn's own protocol waits
        with unbounded() as port, contextlib.closing(connected(port, sent)) as opened:
            assert not is_closed(opened, 2)


def test_headers_byte_by_byte_do_not_get_more_time(tmp_path: Path) -> None:
    with bounded(tmp_path) as port, contextlib.closing(connected(port)) as opened:
        began = time.monotonic()
        with suppress(OSError):
            for letter in b"GET / HTTP/1.1\r\nX-Slow: " + b"x" * 100:
                opened.sendall(bytes([letter]))
                if is_closed(opened, 0.1):
                    break
        assert time.monotonic() - began < 4


def test_a_body_has_a_time(tmp_path: Path) -> None:
    head = HALF.format(path="/read", port=1).encode() + b"\r\nhalf"
    with bounded(tmp_path) as port, contextlib.closing(connected(port, head)) as opened:
        opened.settimeout(4)
        assert opened.recv(12) == b"HTTP/1.1 408"
    with unbounded() as port, contextlib.closing(connected(port, head)) as opened:
        assert not is_closed(opened, 2)


def test_a_body_that_drips_is_too_slow(tmp_path: Path) -> None:
    """Each pause is short, the whole is not."""
    head = HALF.format(path="/read", port=1).encode() + b"\r\n"
    with bounded(tmp_path) as port, contextlib.closing(connected(port, head)) as opened:
        began = time.monotonic()
        while not _answered(opened) and time.monotonic() - began < 6:
            opened.sendall(b"x")
            time.sleep(0.1)
        assert opened.recv(12) == b"HTTP/1.1 408"


def test_connections_of_an_address_and_of_all_are_counted(tmp_path: Path) -> None:
    with bounded(tmp_path) as port, sockets(100, port) as opened:
        time.sleep(0.3)
        open_now = sum(1 for each in opened if not is_closed(each, 0.005))
        assert open_now == STRICT.connections_per_address
    wide = replace(STRICT, connections_per_address=1000)
    with bounded(tmp_path, wide) as port, sockets(100, port) as opened:
        time.sleep(0.3)
        assert sum(1 for each in opened if not is_closed(each, 0.005)) == STRICT.connections
    with unbounded() as port, sockets(100, port) as opened:
        assert sum(1 for each in opened if not is_closed(each, 0.005)) == 100


def test_the_bound_of_connections_follows_the_file_descriptors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (384, 384))
    assert most_connections(2000) == 128
    monkeypatch.setattr("resource.getrlimit", lambda _: (65536, 65536))
    assert most_connections(2000) == 2000


def test_a_kept_connection_is_used_again(tmp_path: Path) -> None:
    with bounded(tmp_path) as port, httpx2.Client() as client:
        url = f"http://127.0.0.1:{port}/read"
        assert [client.post(url, content=b"x" * 100).json() for _ in range(5)] == [100] * 5


# -- the end --------------------------------------------------------------------------------


def test_a_client_cannot_hold_up_the_end(tmp_path: Path) -> None:
    """A body that stays half sent; the bound of pauses is longer than the shutdown's."""
    patient = replace(STRICT, body_idle_seconds=60)
    head = HALF.format(path="/read", port=1).encode() + b"\r\nhalf"
    assert seconds_to_end(tmp_path, lambda: bounded(tmp_path, patient), head) < 8
    assert seconds_to_end(tmp_path, unbounded, head) > 8


def seconds_to_end(
    _: Path, start: Callable[[], contextlib.AbstractContextManager[int]], sent: bytes
) -> float:
    entered = contextlib.ExitStack()
    port = entered.enter_context(start())
    opened = connected(port, sent)
    time.sleep(0.3)
    began = time.monotonic()
    closer = threading.Timer(10, opened.close)
    closer.start()
    entered.close()
    closer.cancel()
    opened.close()
    return time.monotonic() - began


# -- members --------------------------------------------------------------------------------


def test_one_member_does_not_hold_up_another(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """45 requests of one member that do not end, and one of another meanwhile."""
    assert is_answered_meanwhile(town, monkeypatch, LimitSettings().requests_at_a_time, 20)
    many = Turns(replace(LimitSettings(), requests_at_a_time=1000))
    monkeypatch.setattr(Turns, "turn", many.turn)
    assert not is_answered_meanwhile(town, monkeypatch, 40, 2)  # threads of the server


@dataclass
class Stuck:
    """A store that does not answer until it is released, and counts who waits for it."""

    released: threading.Event = field(default_factory=threading.Event)
    waiting: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def missing(self, *_: object) -> list[str]:
        self.waiting.release()
        self.released.wait(60)
        return []


def is_answered_meanwhile(
    town: Town, monkeypatch: pytest.MonkeyPatch, busy: int, seconds: float
) -> bool:
    """Whether a question is answered while `busy` requests of another member are worked on.

    It is one that needs a thread of the server: a poll with nothing new has threads of its own.
    """
    stuck, body = Stuck(), canonical_json(["ab" * 32])
    monkeypatch.setattr("linkage_service.storage.blobs.Blobs.missing", stuck.missing)
    url = f"{town.url}{API}/projects/{town.project_id}/chunks/missing"

    def ask(_: int) -> None:
        message = Message("POST", url, {}, body)
        sign_request(message, "bps", town.keys["bps"].signing)
        httpx2.post(url, headers=dict(message.headers), content=body, timeout=60)

    with ThreadPoolExecutor(46) as pool:
        asked = [pool.submit(ask, n) for n in range(45)]
        try:
            assert all(stuck.waiting.acquire(timeout=20) for _ in range(busy))
            question = pool.submit(town.session("dinsos").get, "/projects")
            done, _ = futures.wait([question], timeout=seconds)
        finally:
            stuck.released.set()
        for each in (*asked, question):
            each.result()
    return bool(done)


def test_a_member_who_asks_too_often_is_told_when_to_come_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Turns(LimitSettings(requests_per_second=1, requests_burst=3))
    monkeypatch.setattr(Turns, "turn", few.turn)
    url = f"{town.url}{API}/projects"

    def ask(member: str) -> httpx2.Response:
        message = Message("GET", url, {}, b"")
        sign_request(message, member, town.keys[member].signing)
        return httpx2.get(url, headers=dict(message.headers))

    answers = [ask("bps") for _ in range(5)]
    assert [each.status_code for each in answers[:3]] == [200] * 3
    last = answers[-1]
    assert (last.status_code, last.json()["code"]) == (429, "request.too-many")
    assert int(last.headers["Retry-After"]) >= 1
    assert ask("dinsos").status_code == 200


def test_tokens_come_back() -> None:
    import asyncio

    now = [0.0]
    turns = Turns(LimitSettings(requests_per_second=2, requests_burst=2), lambda: now[0])

    async def take() -> None:
        async with turns.turn("bps"):
            pass

    async def story() -> None:
        await take()
        await take()
        with pytest.raises(TooMany):
            await take()
        now[0] += 0.5
        await take()

    asyncio.run(story())


def test_a_service_process_ends_on_sigterm_in_time(tmp_path: Path) -> None:
    """The real command, with half a request and half a head open."""
    town = Town(tmp_path)
    passphrase = town.lock("service")
    process = servers.serve_process(town.members["service"].home.path, passphrase, town.port, [])
    head = HALF.format(path=f"{API}/joining/{town.project_id}", port=town.port)
    put = head.replace("POST", "PUT").replace(str(BODY), "1000").encode() + b"\r\nhalf"
    with sockets(3, town.port, put), sockets(3, town.port, b"GET / HT"):
        time.sleep(0.3)
        began = time.monotonic()
        os.kill(process.pid, signal.SIGTERM)
        process.wait(25)
    assert time.monotonic() - began < 20
