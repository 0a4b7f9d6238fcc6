"""How the pages of this room are shown: the frame of all pages, without sections on top."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.middleware.base import RequestResponseEndpoint
from starlette.types import ExceptionHandler

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

    handlers: dict[type[Exception], ExceptionHandler] = {
        SignInNeeded: sign_in,  # type: ignore[dict-item]
        SetUpNeeded: set_up,  # type: ignore[dict-item]
        PageRefused: refused,  # type: ignore[dict-item]
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)

    @app.middleware("http")
    async def headers(request: Request, proceed: RequestResponseEndpoint) -> Response:
        response = await proceed(request)
        if not path_in(request).startswith(f"{API}/"):
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)
        return response


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
