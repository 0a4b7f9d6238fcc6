"""Forms of people who are not signed in yet: small, from a page of ours, made for this browser."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from linkage_service.people.access import (
    COOKIE,
    CSRF_FIELD,
    PageRefused,
    cookie_name,
    desk_of,
    foreign_form,
    is_secure,
    require_own_origin,
    require_private,
    require_same_token,
)
from linkage_service.people.sessions import OpenSession
from policy.terminal.local_page.addresses import cookie_path

VISIT, SETUP = "padan-visit", "padan-setup"
MAX_BYTES, _MAX_FIELDS = 16 * 1024, 16

Form = Mapping[str, str]


class SetUpNeeded(Exception):
    """No setup is open in this browser: it is sent to the page that asks for the code."""


async def visitor_form(request: Request) -> Form:
    """FastAPI dependency: the fields of a form from our page to sign in; raises PageRefused."""
    require_private(request)
    visit = request.cookies.get(cookie_name(request, VISIT), "")
    return await _read(request, visit)


async def setting_up(request: Request) -> OpenSession:
    """FastAPI dependency: the setup that is open in this browser; raises SetUpNeeded."""
    require_private(request)
    token = request.cookies.get(cookie_name(request, SETUP), "")
    found = await run_in_threadpool(desk_of(request).sessions.find, token, "setup")
    if found is None:
        raise SetUpNeeded
    return found


async def setup_form(request: Request) -> Form:
    """FastAPI dependency: the fields of a form from our setup page; raises PageRefused."""
    return await _read(request, request.cookies.get(cookie_name(request, SETUP), ""))


def visit_of(request: Request) -> str:
    """The token of this browser's visit, or a new one; `keep` puts it into a cookie."""
    return request.cookies.get(cookie_name(request, VISIT), "") or secrets.token_urlsafe(32)


def keep(request: Request, response: Response, token: str, name: str = COOKIE) -> None:
    """Give the browser a token. Lax: also when it comes back from an OIDC provider."""
    response.set_cookie(
        cookie_name(request, name),
        token,
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
        path=cookie_path(request),
    )


def drop(request: Request, response: Response, name: str) -> None:
    """Take a token away from the browser."""
    response.delete_cookie(
        cookie_name(request, name),
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
        path=cookie_path(request),
    )


async def _read(request: Request, token: str) -> Form:
    require_own_origin(request)
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > MAX_BYTES:
            raise PageRefused(foreign_form())
    try:
        fields = dict(parse_qsl(body.decode(), max_num_fields=_MAX_FIELDS))
    except ValueError:
        raise PageRefused(foreign_form()) from None
    require_same_token(token, fields.get(CSRF_FIELD, ""))
    return fields
