"""Only one browser on this machine may use the page, and no web site through it.

The first address carries a token, which is exchanged for a cookie and removed from the address.
Every other request needs the cookie and this machine's own host name (against DNS rebinding). A
request that changes anything also needs our own origin.

Browsers send a cookie to all ports of a host. The cookie's name therefore contains the port, so
that several pages in one browser do not replace each other's cookies.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

_POLICY = (
    "default-src 'none'; style-src 'self'{inline}; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The page that is shown while the server ends, so that its style cannot be fetched.
STOP = "/stop"
_REFUSED = "Buka alamat yang ditulis perintah 'ui'. / Open the address that 'ui' printed."


@dataclass(frozen=True)
class Access:
    """The token of this server, and the only accepted host and origin.

    `styled` are the addresses of pages with inline style; the closing page is one as well.
    """

    port: int
    styled: frozenset[str] = frozenset()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def cookie(self) -> str:
        """The name of this page's cookie."""
        return f"padan-{self.port}"

    @property
    def address(self) -> str:
        """The address that the person opens."""
        return f"http://{self.host}/open?token={self.token}"

    async def __call__(
        self, request: Request, proceed: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        refused = self._refusal(request)
        response = refused if refused is not None else await proceed(request)
        inline = " 'unsafe-inline'" if request.url.path in {*self.styled, STOP} else ""
        response.headers["Content-Security-Policy"] = _POLICY.format(inline=inline)
        response.headers["Cache-Control"] = "no-store"
        # Not no-referrer: with it, a browser sends the origin of our own forms as null.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def _refusal(self, request: Request) -> Response | None:
        if request.headers.get("host") != self.host:
            return PlainTextResponse(_REFUSED, 421)
        if request.url.path == "/open" and request.method == "GET":
            return self._exchange(request)
        if not self._same(request.cookies.get(self.cookie, "")):
            return PlainTextResponse(_REFUSED, 403)
        if request.method != "GET" and not self._of_our_own(request):
            return PlainTextResponse(_REFUSED, 403)
        return None

    def _exchange(self, request: Request) -> Response:
        if not self._same(request.query_params.get("token", "")):
            return PlainTextResponse(_REFUSED, 403)
        response = RedirectResponse("/", 303)
        response.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
        return response

    def _same(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self.token.encode())

    def _of_our_own(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site", "same-origin")
        return origin == f"http://{self.host}" and site == "same-origin"
