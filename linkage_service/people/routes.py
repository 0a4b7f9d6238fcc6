"""The pages to sign in, to set an account up, and to sign out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import resources
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from linkage_service.people import forms
from linkage_service.people.access import (
    COOKIE,
    cookie_name,
    csrf_of,
    desk_of,
    require_private,
    signed_in,
)
from linkage_service.people.declared import public
from linkage_service.people.forms import Form
from linkage_service.people.frame import SignInFrame, install, qr_code
from linkage_service.people.oidc_routes import BACK, OUT, OidcPages
from linkage_service.people.paths import (
    ANYONE,
    HOME,
    INVITED,
    NEW_ACCOUNT,
    SET_UP,
    SIGN_IN,
    safe,
)
from linkage_service.people.sessions import OpenSession
from linkage_service.people.signing_in import MustWait
from linkage_service.people.staff import Staff
from policy.base.errors import PadanError
from policy.terminal.local_page.addresses import address_of
from policy.terminal.local_page.controls import Controls


def pages_of_people(app: FastAPI) -> None:
    """Add the pages of this room to the application, and the answers to their refusals."""
    frame = SignInFrame()
    app.include_router(routes(frame))
    install(app, frame)


def routes(frame: SignInFrame) -> APIRouter:
    """The routes of this room."""
    router, pages, oidc = APIRouter(), SignInPages(frame), OidcPages(frame)
    controls = Controls(frame, lambda: None, lambda: None)
    # Marked here: the same functions serve the local pages, which only one browser opens.
    static, language = (public(ANYONE)(_own(each)) for each in (controls.static, controls.language))
    table: tuple[tuple[str, str, Callable[..., Any]], ...] = (
        ("GET", SIGN_IN, pages.sign_in_page),
        ("POST", SIGN_IN, pages.sign_in),
        ("GET", OUT, oidc.out),
        ("GET", BACK, oidc.back),
        ("GET", NEW_ACCOUNT, pages.code_page),
        ("POST", NEW_ACCOUNT, pages.redeem),
        ("GET", SET_UP, pages.set_up_page),
        ("POST", SET_UP, pages.set_up),
        ("GET", "/akun/kode.js", pages.script),
        ("POST", "/keluar", pages.sign_out),
        ("GET", "/static/{name}", static),
        ("GET", "/language/{language}", language),
    )
    for method, path, endpoint in table:
        router.add_api_route(
            path, endpoint, methods=[method], response_model=None, include_in_schema=False
        )
    return router


class SignInPages:
    """What these pages do."""

    def __init__(self, frame: SignInFrame) -> None:
        self._frame = frame

    @public(ANYONE)
    def sign_in_page(self, request: Request, next: str = HOME) -> Response:
        """Name, passphrase and code in one form."""
        require_private(request)
        return self._visited(request, "sign_in", next=safe(next), error=None)

    @public(ANYONE)
    def sign_in(self, request: Request, form: Form = Depends(forms.visitor_form)) -> Response:
        """Sign in; one answer for every way to be wrong."""
        desk, old = desk_of(request), request.cookies.get(cookie_name(request), "")
        name, passphrase, code = (form.get(each, "") for each in ("name", "passphrase", "code"))
        then, address = safe(form.get("next", HOME)), _address(request)
        try:
            token = desk.signing_in.sign_in(name, passphrase, code, address, old)
        except PadanError as error:
            return self._visited(request, "sign_in", _status(error), next=then, error=error)
        response = RedirectResponse(address_of(request, then), 303)
        forms.keep(request, response, token)
        forms.drop(request, response, forms.VISIT)
        return response

    @public(INVITED)
    def code_page(self, request: Request) -> Response:
        """Ask for the one-time code. A link has it after `#`, which no server gets to see."""
        require_private(request)
        return self._visited(request, "code", error=None)

    @public(INVITED)
    def script(self) -> Response:
        """Puts the code of a link into its field."""
        script = resources.files("linkage_service.people") / "static" / "code.js"
        return Response(script.read_text("utf-8"), media_type="text/javascript")

    @public(INVITED)
    def redeem(self, request: Request, form: Form = Depends(forms.visitor_form)) -> Response:
        """Begin a setup with a one-time code."""
        try:
            token = desk_of(request).set_up.begin(form.get("code", ""), _address(request))
        except PadanError as error:
            return self._visited(request, "code", _status(error), error=error)
        response = RedirectResponse(address_of(request, SET_UP), 303)
        forms.keep(request, response, token, forms.SETUP)
        return response

    @public(INVITED)
    def set_up_page(
        self, request: Request, found: OpenSession = Depends(forms.setting_up)
    ) -> Response:
        """A passphrase, and the app's QR code."""
        return self._enrolment(request, found, None)

    @public(INVITED)
    def set_up(
        self,
        request: Request,
        found: OpenSession = Depends(forms.setting_up),
        form: Form = Depends(forms.setup_form),
    ) -> Response:
        """Complete the setup: the person is signed in, and sees the recovery codes once."""
        given = (form.get(each, "") for each in ("passphrase", "again", "code"))
        try:
            token, codes = desk_of(request).set_up.finish(found, *given)
        except PadanError as error:
            return self._enrolment(request, found, error)
        response = self._frame.show(request, "recovery", codes=codes, then=HOME)
        forms.keep(request, response, token)
        forms.drop(request, response, forms.SETUP)
        forms.drop(request, response, forms.VISIT)
        return response

    def sign_out(self, request: Request, person: Staff = Depends(signed_in())) -> Response:
        """End this session."""
        desk_of(request).sessions.end(request.cookies.get(cookie_name(request), ""))
        response = RedirectResponse(address_of(request, SIGN_IN), 303)
        forms.drop(request, response, COOKIE)
        return response

    def _visited(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        visit = forms.visit_of(request)
        shown = {"csrf": csrf_of(visit), "oidc": desk_of(request).oidc is not None, **values}
        response = self._frame.show(request, name, status, **shown)
        forms.keep(request, response, visit, forms.VISIT)
        return response

    def _enrolment(
        self, request: Request, found: OpenSession, error: PadanError | None
    ) -> Response:
        shown = desk_of(request).set_up.enrolment(found)
        values = {"enrolment": shown, "qr": qr_code(shown.address), "error": error}
        status = 200 if error is None else _status(error)
        return self._frame.show(request, "set_up", status, csrf=csrf_of(found.token), **values)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _status(error: PadanError) -> int:
    return 429 if isinstance(error, MustWait) else 422


def _own(endpoint: Callable[..., Response]) -> Callable[..., Response]:
    """The same endpoint as a function of its own, which can be marked."""

    @wraps(endpoint)
    def own(**values: Any) -> Response:
        return endpoint(**values)

    return own
