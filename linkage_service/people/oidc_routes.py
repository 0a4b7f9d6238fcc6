"""The two addresses of the OIDC sign-in: out to the provider, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from linkage_service.error_codes import ServiceCode
from linkage_service.people import forms
from linkage_service.people.access import cookie_name, desk_of, require_private
from linkage_service.people.declared import public
from linkage_service.people.frame import SignInFrame
from linkage_service.people.paths import ANYONE, HOME, SIGN_IN, safe
from policy.base.errors import NotYet, PadanError
from policy.base.words import Words
from policy.terminal.local_page.addresses import address_of

if TYPE_CHECKING:
    from linkage_service.people.oidc import OidcSignIn

OUT, BACK = "/masuk/oidc", "/masuk/oidc/kembali"


class OidcPages:
    """What these addresses do."""

    def __init__(self, frame: SignInFrame) -> None:
        self._frame = frame

    @public(ANYONE)
    def out(self, request: Request, next: str = HOME) -> Response:
        """Send the browser to the provider."""
        require_private(request)
        visit = forms.visit_of(request)
        try:
            address = _oidc(request).begin(visit, _redirect(request), safe(next))
        except PadanError as error:
            return self._frame.say_no(request, error, 502)
        response = RedirectResponse(address, 303)
        forms.keep(request, response, visit, forms.VISIT)
        return response

    @public(ANYONE)
    def back(self, request: Request, state: str = "", code: str = "", iss: str = "") -> Response:
        """Take the person in whom the provider names."""
        require_private(request)
        visit = request.cookies.get(cookie_name(request, forms.VISIT), "")
        old = request.cookies.get(cookie_name(request), "")
        try:
            token, then = _oidc(request).finish(visit, _redirect(request), state, code, iss, old)
        except PadanError as error:
            return self._frame.say_no(request, error)
        response = RedirectResponse(address_of(request, safe(then)), 303)
        forms.keep(request, response, token)
        forms.drop(request, response, forms.VISIT)
        return response


def _redirect(request: Request) -> str:
    """Our address as the provider knows it; it redirects to registered addresses alone."""
    return f"{request.url.scheme}://{request.url.netloc}{address_of(request, BACK)}"


def _oidc(request: Request) -> OidcSignIn:
    configured = desk_of(request).oidc
    if configured is None:
        raise NotYet(
            ServiceCode.PEOPLE_NO_OIDC,
            Words("Layanan ini tanpa penyedia OIDC.", "This service has no OIDC provider."),
            Words(
                f"Pakai akun setempat di {SIGN_IN}, atau 'serve --oidc-file'.",
                f"Use a local account at {SIGN_IN}, or 'serve --oidc-file'.",
            ),
        )
    return configured
