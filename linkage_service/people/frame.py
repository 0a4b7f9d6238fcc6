"""How the pages of this room are shown: the frame of all pages, without sections on top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, ExceptionHandler, Message, Receive, Scope, Send

from linkage_service.people.access import PageRefused, SignInNeeded
from linkage_service.people.forms import SetUpNeeded
from linkage_service.people.paths import ACCOUNT, NEW_ACCOUNT, SIGN_IN
from policy.base.errors import PadanError
from policy.formats.http_api import API
from policy.terminal.local_page.addresses import address_of, path_in
from policy.terminal.local_page.frame import PageFrame
from policy.terminal.local_page.words import PageWords

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SignInFrame(PageFrame):
    """Shows the pages on which people sign in."""

    def __init__(self) -> None:
        super().__init__("linkage_service.people", PageWords())

    def common(self) -> dict[str, Any]:
        return {"unlocked": False, "rail": (), "up_next": None}

    def address(self, name: str) -> str:
        return SIGN_IN

    def say_no(
        self, request: Request, error: PadanError, status: int = 403, back: str = SIGN_IN
    ) -> Response:
        """The page that shows why something was refused."""
        return self.show(request, "error", status, error=error, back=back)


def install(app: FastAPI, frame: SignInFrame) -> None:
    """Answer the refusals of this room with pages, and give every page its headers."""

    def sign_in(request: Request, _: SignInNeeded) -> Response:
        page = address_of(request, SIGN_IN)
        # htmx follows its own header, and would put a redirect's page into a part of this one.
        if request.headers.get("hx-request"):
            return Response(status_code=401, headers={"HX-Redirect": page})
        if request.method != "GET":
            return RedirectResponse(page, 303)
        return RedirectResponse(f"{page}?next={path_in(request)}", 303)

    def set_up(request: Request, _: SetUpNeeded) -> Response:
        return RedirectResponse(address_of(request, NEW_ACCOUNT), 303)

    def refused(request: Request, refusal: PageRefused) -> Response:
        return frame.say_no(request, refusal.error, back=ACCOUNT)

    before: Callable[..., Any] = app.exception_handlers[HTTPException]

    def not_there(request: Request, error: HTTPException) -> Any:
        """A person reads a page, a program a problem."""
        reads = "text/html" in request.headers.get("accept", "")
        if error.status_code != 404 or not reads or _is_of_the_api(request.scope):
            return before(request, error)
        return frame.show(request, "lost", 404)

    handlers: dict[type[Exception], ExceptionHandler] = {
        HTTPException: not_there,  # type: ignore[dict-item]
        SignInNeeded: sign_in,  # type: ignore[dict-item]
        SetUpNeeded: set_up,  # type: ignore[dict-item]
        PageRefused: refused,  # type: ignore[dict-item]
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)

    app.add_middleware(PageHeaders)


@dataclass(frozen=True)
class PageHeaders:
    """ASGI middleware: every page has these headers; requests of the API go through untouched."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_of_the_api(scope):
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, answer)


def _is_of_the_api(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "").rstrip("/")).startswith(f"{API}/")


def qr_code(address: str) -> str:
    """The address as an inline SVG, black on white in every theme."""
    import segno

    drawn = BytesIO()
    segno.make(address, error="m").save(
        drawn,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        border=4,
        light="#fff",
        svgclass="qr",
    )
    return drawn.getvalue().decode()
