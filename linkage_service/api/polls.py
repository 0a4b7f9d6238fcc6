"""Answers a member that asks for news of a log where there are none, before the routes are tried.

Most requests are such. They carry the ETag of the last answer, and no body. Signature, time and
nonce are checked as everywhere (`auth`), in one turn of a thread with the look at the log. Whatever
else a request may be, its route answers it, by what was verified here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyio import to_thread
from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from linkage_service.api.auth import VERIFIED, service_of, turns_of, verified, verifying
from linkage_service.api.logs import not_modified, router
from linkage_service.api.problems import problem, status_of
from linkage_service.service import Service
from linkage_service.storage.log_pages import LogEnd
from policy.base.errors import PadanError
from policy.formats.http_api import API
from policy.wire.signed_requests import SignedHeaders

_LOG = re.compile(rf"{API}/projects/([^/]+)/log")
_ROUTE = next(route for route in router.routes if getattr(route, "name", "") == "read")


@dataclass(frozen=True)
class Polls:
    """ASGI middleware."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        poll = _poll_of(scope)
        if poll is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        limiter = verifying(request)
        try:
            signed, end = await to_thread.run_sync(_look, request, *poll, limiter=limiter)
        except PadanError as error:
            scope[VERIFIED] = error
            await self.app(scope, receive, send)
            return
        scope[VERIFIED] = signed
        if end is None:
            await self.app(scope, receive, send)
            return
        scope["route"] = _ROUTE
        try:
            async with turns_of(request).turn(signed.by.member):
                answer = not_modified(end)
        except PadanError as error:
            answer = problem(error, status_of(error), scope)
        await answer(scope, receive, send)


def _poll_of(scope: Scope) -> tuple[str, str] | None:
    """Project and ETag, if this may be a poll without a body."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    found = _LOG.fullmatch(scope["path"].removeprefix(scope.get("root_path", "")))
    if found is None:
        return None
    tag = ""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            tag = value.decode("latin-1")
        elif name in (b"content-length", b"transfer-encoding") and value != b"0":
            return None
    return (found[1], tag) if tag else None


def _look(request: Request, project: str, tag: str) -> tuple[SignedHeaders, LogEnd | None]:
    """The verified signer, and the end of the log if that has this tag and the signer reads it."""
    signed = verified(request)
    signed.require_body(b"")
    return signed, _unchanged(service_of(request), project, signed.by.member, tag)


def _unchanged(service: Service, project: str, member: str, tag: str) -> LogEnd | None:
    logs = service.ledger.stored
    try:
        end = logs.end(project)
        # What a member has may end a wait for copies (`give_back.see`), which its route does.
        same = end.tag == tag and not end.waits
        return end if same and logs.may_read(project, member, end.size) else None
    except PadanError:
        return None  # its route says why
