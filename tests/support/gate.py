"""A door in front of a server on loopback, which a test shuts and opens: the server is away."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.support.ports import free_port

_BLOCK = 65_536


@dataclass
class Gate:
    """Passes connections on to `target`, while it is open."""

    target: int
    port: int = field(default_factory=free_port)
    _listener: socket.socket | None = None
    _passing: list[socket.socket] = field(default_factory=list)

    def open(self) -> None:
        self._listener = listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        """End all connections and refuse new ones."""
        listener, self._listener = self._listener, None
        ended = [*self._passing, *([listener] if listener else [])]
        self._passing.clear()
        for each in ended:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                self._passing += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while block := one.recv(_BLOCK):
            other.sendall(block)
    for each in (one, other):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def gate_to(target: int) -> Iterator[Gate]:
    gate = Gate(target)
    gate.open()
    try:
        yield gate
    finally:
        gate.shut()
