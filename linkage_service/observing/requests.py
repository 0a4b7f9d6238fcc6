"""ASGI middleware that gives each request an id, and tells of it afterwards."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkage_service.observing import traces
from linkage_service.observing.metrics import Metrics

HEADER = "x-request-id"
_SAFE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


@dataclass(frozen=True)
class Observed:
    """Observes every request of `app`."""

    app: ASGIApp
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, began = request_id_of(scope), time.perf_counter()
        scope.setdefault("state", {})["request_id"] = request_id
        status = taken = 0

        async def read() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            return message

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        method = scope["method"] if scope["method"] in _METHODS else "other"
        with (
            structlog.contextvars.bound_contextvars(request_id=request_id),
            traces.span("request") as span,
        ):
            try:
                await self.app(scope, read, answer)
            finally:
                route, seconds = route_of(scope), time.perf_counter() - began
                span.named(f"{method} {route}", {"http.route": route, "http.status": status})
                self.metrics.request(method, route, status, seconds, taken)
                structlog.get_logger().info(
                    "request", method=method, route=route, status=status, ms=round(seconds * 1e3, 1)
                )


def request_id_of(scope: Scope) -> str:
    """The id that a proxy or a client gave, if it is a safe one; else a new one."""
    for name, value in scope["headers"]:
        if name == HEADER.encode() and _SAFE.fullmatch(text := value.decode("latin-1")):
            return str(text)
    return secrets.token_hex(8)


def route_of(scope: Scope) -> str:
    """The route's template; never the path, which names a project."""
    return str(getattr(scope.get("route"), "path", "other"))
