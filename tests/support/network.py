"""Tests reach this machine alone: any other address is an error at once.

Guards the sockets of Python in this process. Sockets that a C library opens
(libpq) and those of child processes are beyond it.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class ForbiddenAddressError(RuntimeError):
    """A test tried to leave this machine. Not an OSError, which clients would retry or wrap."""


def _check(host: object) -> None:
    if host is None or host in {"", "localhost", b"localhost"}:
        return
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        if ipaddress.ip_address(name.partition("%")[0]).is_loopback:
            return
    except ValueError:
        pass
    raise ForbiddenAddressError(f"tests reach loopback alone, and not {name}")


def _guarded_method(original: Callable[..., Any], *, address_at: int) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            _check(arguments[address_at][0])
        return original(self, *arguments)

    return guarded


def _guarded_lookup(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: object, *arguments: Any, **named: Any) -> Any:
        if host not in {"0.0.0.0", "::"}:  # to listen on, not to reach
            _check(host)
        return original(host, *arguments, **named)

    return guarded


@contextmanager
def loopback_alone() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, address_at in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
            original = getattr(socket.socket, name)
            patch.setattr(socket.socket, name, _guarded_method(original, address_at=address_at))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield
