"""Ports of this machine that no other process is given while this one lives."""

from __future__ import annotations

import atexit
import socket
import sys

_held: list[socket.socket] = []


def free_port() -> int:
    """A port of loopback to listen on, now or later.

    On Linux it stays bound, by a socket that does not listen: whoever asks the kernel for any
    port gets another one, while a server that names this one may have it, since servers set
    SO_REUSEADDR. Until one listens, connections are refused.
    """
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    port = int(probe.getsockname()[1])
    if sys.platform == "linux":
        _held.append(probe)
    else:
        probe.close()
    return port


@atexit.register
def _let_go() -> None:
    for each in _held:
        each.close()
