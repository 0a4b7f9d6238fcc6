"""uvicorn's HTTP protocol with bounds that it does not have: connections, and time for headers.

uvicorn closes a connection that is idle after an answer. It waits without end for the headers of a
request, for the rest of a body that was answered early, and for a client that does not read.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from linkage_service.settings import LimitSettings

_LINGER_SECONDS = 5.0  # for the rest of a body after its answer, which a client may still read


class BoundedProtocol(H11Protocol):
    """One connection. Use `bounded`, which makes a class with bounds."""

    bounds: ClassVar[LimitSettings]
    most: ClassVar[int]
    proxies: ClassVar[frozenset[str]]
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._is_one_too_many():
            transport.abort()
        else:
            self._after(self.bounds.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_answering():
            self._cancel()
        elif self._timer is None:
            # The first bytes of headers; later ones do not start the time again.
            self._after(self.bounds.header_seconds)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._cancel()
        if self.conn.their_state is h11.SEND_BODY:
            self._after(_LINGER_SECONDS)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._flush(self.transport.get_write_buffer_size())

    def _flush(self, left: int) -> None:
        """Closed, with bytes that the client has not taken: give up once it takes none."""
        if left:
            self._cancel()
            self._timer = self.loop.call_later(self.bounds.body_idle_seconds, self._flushed, left)

    def _flushed(self, before: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left == before:
            self.transport.abort()
        else:
            self._flush(left)

    def _is_one_too_many(self) -> bool:
        if len(self.connections) > self.most:
            return True
        address = self.client[0] if self.client else ""
        if not address or address in self.proxies:
            return False
        same = sum(1 for each in self.connections if _address(each) == address)
        return same > self.bounds.connections_per_address

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _after(self, seconds: float) -> None:
        self._cancel()
        self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def bounded(
    bounds: LimitSettings, most: int, proxies: frozenset[str] = frozenset()
) -> type[BoundedProtocol]:
    """The protocol with these bounds and at most `most` connections in this process.

    Connections of `proxies` are those of many clients: only all of them together are bounded.
    """
    return type(
        "BoundedProtocol",
        (BoundedProtocol,),
        {"bounds": bounds, "most": most, "proxies": proxies},
    )


def _address(connection: object) -> str:
    client = getattr(connection, "client", None)
    return str(client[0]) if client else ""
