"""A gateway in front of several services, which kills the one that a chosen request reaches.

Requests go to the services in turn. A service that does not listen is passed over. Nothing is
repeated: a client whose service dies finds its connection closed, as behind a real gateway.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

from tests.support.kept_up import pid_of
from tests.support.processes import PATIENCE_SECONDS, ended

# With half of its body there; with all of it; with everything done and the answer on its way.
When = Literal["half", "whole", "answered"]
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


@dataclass(frozen=True)
class Strike:
    """The first request of this kind kills its service, at that time."""

    method: str
    path: str  # a regular expression, found in the path
    when: When
    holds: bytes = b""  # found in the body


@dataclass
class Gateway:
    """Services by their ports; what is still to strike, and the ids of what was killed."""

    folder: Path
    ports: Sequence[int]
    strikes: list[Strike]
    killed: list[int] = field(default_factory=list)
    _turn: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def due(self, method: str, path: str, body: bytes) -> Strike | None:
        """Takes the first strike for this request off the list."""
        with self._lock:
            for strike in self.strikes:
                if (
                    strike.method == method
                    and re.search(strike.path, path)
                    and strike.holds in body
                    and (strike.when != "half" or len(body) > 1)
                ):
                    self.strikes.remove(strike)
                    return strike
        return None

    def put_back(self, strike: Strike) -> None:
        """Its service died by itself, or refused: the next request of this kind is struck."""
        with self._lock:
            self.strikes.insert(0, strike)

    def connected(self) -> HTTPConnection:
        """A connection to the service whose turn it is, or to the next one that listens."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with self._lock:
                self._turn += 1
                port = self.ports[self._turn % len(self.ports)]
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
            try:
                connection.connect()
            except ConnectionRefusedError:
                time.sleep(0.01)
            else:
                return connection
        raise AssertionError("no service listens")

    def kill(self, port: int) -> None:
        pid = pid_of(self.folder, port)
        os.kill(pid, signal.SIGKILL)
        # Until it has ended, its port takes connections that nobody will answer.
        assert ended([pid])
        self.killed.append(pid)


@contextmanager
def gateway(port: int, to: Gateway) -> Iterator[None]:
    """Serve on this port of loopback until the end of the context."""

    class Handler(_Handler):
        gateway = to

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    gateway: Gateway

    def log_message(self, *_: object) -> None: ...

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        strike = self.gateway.due(self.command, self.path, body)
        connection = self.gateway.connected()
        try:
            connection.putrequest(
                self.command, self.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in self.headers.items():
                connection.putheader(name, value)
            if strike is not None and strike.when == "half":
                connection.endheaders(body[: len(body) // 2])
            else:
                connection.endheaders(body)
            if strike is None or strike.when == "answered":
                answer = connection.getresponse()
                content = answer.read()
                if strike is not None and answer.status >= 300:
                    self.gateway.put_back(strike)
                    strike = None
            if strike is None:
                self._pass_on(answer, content)
                return
            assert connection.port is not None
            self.gateway.kill(connection.port)
        except (ConnectionError, HTTPException, ProcessLookupError):
            if strike is not None:
                self.gateway.put_back(strike)
        finally:
            connection.close()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_PUT = do_POST = forward  # noqa: N815

    def _pass_on(self, answer: HTTPResponse, content: bytes) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
