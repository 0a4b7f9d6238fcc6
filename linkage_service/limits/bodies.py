"""ASGI middleware: a body comes at a bounded pace, and is never larger than the bound.

A body may pause for `body_idle_seconds`, and has `body_idle_seconds` and a second for every
`body_bytes_per_second` in all. What is too slow or too large raises at the read, inside the
application, which answers with a problem.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkage_service.error_codes import ServiceCode
from linkage_service.settings import LimitSettings
from policy.base.errors import BadInput, NotYet
from policy.base.words import Words


@dataclass(frozen=True)
class BoundedBodies:
    """Bounds every body that `app` reads."""

    app: ASGIApp
    bounds: LimitSettings
    most_bytes: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self.app(scope, _Body(receive, self.bounds, self.most_bytes).read, send)


@dataclass
class _Body:
    """One body while it is read."""

    receive: Receive
    bounds: LimitSettings
    most_bytes: int
    taken: int = 0
    waited: float = 0.0
    complete: bool = False

    async def read(self) -> Message:
        if self.complete:
            return await self.receive()  # waits until the client leaves
        allowed = self.taken / self.bounds.body_bytes_per_second + self.bounds.body_idle_seconds
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(self.bounds.body_idle_seconds, allowed - self.waited)):
                message = await self.receive()
        except TimeoutError:
            raise _too_slow() from None
        self.waited += asyncio.get_running_loop().time() - began
        if message["type"] == "http.request":
            self.taken += len(message.get("body", b""))
            self.complete = not message.get("more_body", False)
            if self.taken > self.most_bytes:
                raise too_large(self.most_bytes)
        return message


def too_large(most: int) -> BadInput:
    return BadInput(
        ServiceCode.REQUEST_TOO_LARGE,
        Words("Permintaan terlalu besar.", "The request is too large."),
        Words(
            f"Batasnya {most} byte; berkas dikirim dalam potongan.",
            f"The limit is {most} bytes; files are sent in chunks.",
        ),
    )


def _too_slow() -> NotYet:
    return NotYet(
        ServiceCode.REQUEST_TOO_SLOW,
        Words(
            "Isi permintaan datang terlalu lambat.",
            "The body of the request came too slowly.",
        ),
        Words(
            "Periksa jaringan, lalu ulangi; yang sudah tersimpan tidak dikirim lagi.",
            "Check the network, then try again; what is stored is not sent again.",
        ),
    )
