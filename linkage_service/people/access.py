"""Who may open a page: a dependency with the roles as data, and the defence of every POST.

A POST from a page needs two things besides the cookie: the origin of this service (`Origin`, or
`Sec-Fetch-Site` where a browser sends none), and the token of the session, in the header
`X-CSRF-Token` (htmx) or the form field `csrf`. The token is derived from the session's token, so
that nothing more has to be stored.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from linkage_service.error_codes import ServiceCode
from linkage_service.people.staff import Role, Staff
from policy.base.errors import Refused
from policy.base.words import Words
from policy.terminal.local_page.addresses import prefix_of

if TYPE_CHECKING:
    from linkage_service.people.desk import StaffDesk

COOKIE = "padan-session"
CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf"
MAX_FORM_BYTES = 1024 * 1024
# The URL as it arrived; its host was checked (`linkage_service.api.public_address`).
_ASKED = "padan.asked"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SignInNeeded(Exception):
    """Nobody is signed in: the browser is sent to the page to sign in."""


class PageRefused(Exception):
    """This person, or this browser, may not do that; the page shows why."""

    def __init__(self, error: Refused) -> None:
        super().__init__(error.code)
        self.error = error


class SignedIn:
    """The dependency of a page. `roles` says who may open it; none named means every person.

    A page with `{project}` in its path opens for those alone who may look at that project.
    `request.state.person` is the person also if the page is refused.
    """

    def __init__(self, roles: frozenset[Role]) -> None:
        self.roles = roles

    async def __call__(self, request: Request) -> Staff:
        desk, token = desk_of(request), request.cookies.get(cookie_name(request), "")
        person = await run_in_threadpool(desk.person, token)
        if person is None:
            raise SignInNeeded
        request.state.person, request.state.csrf = person, csrf_of(token)
        if request.method not in _SAFE:
            await require_own_form(request, token)
        if self.roles and not person.has(*self.roles):
            raise PageRefused(_not_your_role())
        project = request.path_params.get("project")
        if project is not None and not await run_in_threadpool(desk.entitled, person, project):
            raise PageRefused(_no_such_project())
        return person


def signed_in(*roles: Role) -> SignedIn:
    """Use it as `person: Staff = Depends(signed_in(Role.auditor))`; without roles: everybody."""
    return SignedIn(frozenset(roles))


def csrf_token(request: Request) -> str:
    """The token for the forms of this page; only after `signed_in` has found the person."""
    token: str = request.state.csrf
    return token


def csrf_of(token: str) -> str:
    """The form token of a session, or of a visit to the sign-in page."""
    return hmac.new(token.encode(), b"padan/csrf", "sha256").hexdigest()


def desk_of(request: Request) -> StaffDesk:
    """The desk that the application holds."""
    desk: StaffDesk = request.app.state.staff
    return desk


def is_secure(request: Request) -> bool:
    """Whether the browser speaks to this service through TLS."""
    return request.url.scheme == "https"


def cookie_name(request: Request, name: str = COOKIE) -> str:
    """Behind TLS no other host of the domain can set it; on loopback each port has its own.

    Behind a path prefix, `__Host-` would send it to all that the gateway serves: it wants the path
    '/'. There the cookie is bound to the prefix instead.
    """
    if not is_secure(request):
        return f"{name}-{request.url.port or 80}"
    return f"__Secure-{name}" if prefix_of(request) else f"__Host-{name}"


def require_private(request: Request) -> None:
    """Nobody signs in over plain HTTP, except on this machine; raises PageRefused."""
    if not is_secure(request) and request.url.hostname not in _LOOPBACK:
        raise PageRefused(_needs_tls())


async def require_own_form(request: Request, token: str) -> None:
    """Check that this POST comes from a page of ours that was made for this token."""
    require_own_origin(request)
    given = request.headers.get(CSRF_HEADER, "")
    if not given:
        _require_small(request)
        field = (await request.form()).get(CSRF_FIELD, "")
        given = field if isinstance(field, str) else ""
    require_same_token(token, given)


def require_same_token(token: str, given: str) -> None:
    """Check the form token that a page was given for this token; raises PageRefused."""
    if not (token and hmac.compare_digest(given.encode(), csrf_of(token).encode())):
        raise PageRefused(foreign_form())


def require_own_origin(request: Request) -> None:
    """Check that a page of this service sends the request; raises PageRefused."""
    # A gateway in front may have another name for us, and a browser on this machine `localhost`.
    asked = request.scope.get(_ASKED)
    own = {_origin(str(request.url))} | ({_origin(asked)} if asked else set())
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin is None:
        ours = site == "same-origin"
    else:
        ours = origin in own and site in (None, "same-origin")
    if not ours:
        raise PageRefused(foreign_form())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _require_small(request: Request) -> None:
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MAX_FORM_BYTES:
        raise PageRefused(foreign_form())


def foreign_form() -> Refused:
    """The error for a form that no page of ours made for this browser."""
    return Refused(
        ServiceCode.PEOPLE_FOREIGN_FORM,
        Words(
            "Formulir ini bukan dari halaman Anda yang terbuka.",
            "This form is not from a page that is open for you.",
        ),
        Words("Buka kembali halamannya, lalu ulangi.", "Open the page again, then repeat."),
    )


def _not_your_role() -> Refused:
    return Refused(
        ServiceCode.PEOPLE_ROLE,
        Words("Peran Anda tidak membuka halaman ini.", "Your role does not open this page."),
        Words(
            "Bila Anda memerlukannya, minta peran itu kepada koordinator layanan.",
            "If you need it, ask the service's coordinator for that role.",
        ),
    )


def _no_such_project() -> Refused:
    # The words are the same for a project that exists, and for one that does not.
    return Refused(
        ServiceCode.PEOPLE_PROJECT,
        Words("Proyek itu tidak ada untuk akun Anda.", "Your account has no such project."),
        Words(
            "Auditor dan DPO melihat proyek yang piagamnya menyebut kantornya.",
            "Auditors and DPOs see projects whose charter names their office.",
        ),
    )


def _needs_tls() -> Refused:
    return Refused(
        ServiceCode.PEOPLE_NO_TLS,
        Words("Masuk lewat jaringan memerlukan HTTPS.", "Signing in over a network needs HTTPS."),
        Words(
            "Taruh TLS di depan layanan, dan teruskan X-Forwarded-Proto; atau buka dari komputer"
            " layanan sendiri.",
            "Put TLS in front of the service, with X-Forwarded-Proto; or open it on the service's"
            " own machine.",
        ),
    )
