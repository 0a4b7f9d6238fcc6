"""The way in for an invited person: the invite, the passphrase, who has joined, the words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Form, Request, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse, Response

from policy.base.errors import PadanError
from policy.joining.invite import MAX_INVITE_BYTES
from policy.joining.plan import ROLE_WORDS
from policy.members.home import Unlocked
from policy.terminal import passphrases
from policy.terminal.comparing import OF_EVERYBODY, OF_ONE
from policy.terminal.local_page.controls import Table
from policy.terminal.local_page.frame import PageFrame
from policy.ui.arrival import Arrival

BEGIN, ARRIVE, JOIN = "/begin", "/arrive", "/join"


class ArrivalPages:
    """Four pages that every program for invited people shares.

    `me` gives the open home, None while it is locked. `goes_on` is told that the roster is pinned;
    `then` is where the person goes on. `organises`: somebody may also start a project here.
    """

    def __init__(
        self,
        frame: PageFrame,
        arrival: Arrival,
        me: Callable[[], Unlocked | None],
        then: str,
        goes_on: Callable[[], None] = lambda: None,
        *,
        organises: bool = False,
    ) -> None:
        self._frame, self._arrival, self._me = frame, arrival, me
        self._then, self._goes_on, self._organises = then, goes_on, organises

    @property
    def table(self) -> Table:
        return (
            ("GET", BEGIN, self.begin),
            ("POST", BEGIN, self.open),
            ("GET", ARRIVE, self.arrive),
            ("POST", ARRIVE, self.accept),
            ("GET", JOIN, self.join),
            ("POST", JOIN, self.agree),
            ("GET", f"{JOIN}/watch", self.watch),
        )

    def way_in(self) -> str | None:
        """Where this person has to go first; None if they have come in."""
        home, me = self._arrival.home, self._me()
        if not home.identity_path.exists():
            return BEGIN
        if me is None:
            return "/unlock"
        return None if home.has_joined or self._arrival.invite is None else JOIN

    def begin(self, request: Request) -> Response:
        return self._begin(request)

    def _begin(
        self, request: Request, typed: str = "", error: PadanError | None = None
    ) -> Response:
        """The first page; after an error it keeps what was typed."""
        return self._frame.show(
            request,
            "begin",
            409 if error else 200,
            organises=self._organises and not self._arrival.home.identity_path.exists(),
            typed=typed,
            error=error,
        )

    def open(
        self, request: Request, file: UploadFile | None = None, code: Annotated[str, Form()] = ""
    ) -> Response:
        data = file.file.read(MAX_INVITE_BYTES) if file is not None else b""
        try:
            self._arrival.open(data, code)
        except PadanError as error:
            return self._begin(request, code, error)
        return RedirectResponse(ARRIVE, 303)

    def arrive(self, request: Request) -> Response:
        if self._arrival.invite is None:
            return RedirectResponse(BEGIN, 303)
        return self._frame.show(request, "arrive", **self._invited())

    def accept(
        self,
        request: Request,
        passphrase: Annotated[str, Form()] = "",
        again: Annotated[str, Form()] = "",
        keep: Annotated[str, Form()] = "",
    ) -> Response:
        try:
            not_kept = self._arrival.accept(passphrase, again, keep=keep == "yes")
        except PadanError as error:
            return self._frame.refused(request, error, ARRIVE)
        if not_kept is not None:
            return self._frame.show(request, "not_kept", not_kept=not_kept, then=JOIN)
        return RedirectResponse(JOIN, 303)

    def join(self, request: Request) -> Response:
        me = self._me()
        if me is None or self._arrival.invite is None:
            return RedirectResponse(self.way_in() or "/", 303)
        try:
            standing = self._arrival.standing(me)
            if standing.roster is not None:
                self._goes_on()
                return RedirectResponse(self._then, 303)
        except PadanError as error:
            return self._frame.refused(request, error, JOIN)
        question = OF_EVERYBODY if standing.signs else OF_ONE  # one who comes later signs nothing
        return self._frame.show(
            request, "join", standing=standing, question=question, **self._invited()
        )

    def agree(
        self,
        request: Request,
        words: Annotated[str, Form()] = "",
        same: Annotated[str, Form()] = "",
        heard: Annotated[str, Form()] = "",
    ) -> Response:
        me = self._me()
        if me is None:
            return RedirectResponse("/unlock", 303)
        try:
            self._arrival.agree(me, words if same == "yes" else "", heard)
        except PadanError as error:
            return self._frame.refused(request, error, JOIN)
        return RedirectResponse(JOIN, 303)

    def watch(self) -> Response:
        """What changes once there is something new to see."""
        me = self._me()
        if me is None:
            return JSONResponse({"state": ""})
        try:
            return JSONResponse({"state": self._arrival.standing(me).token})
        except PadanError as error:
            return JSONResponse({"state": error.code})

    def _invited(self) -> dict[str, Any]:
        home = self._arrival.home
        return {
            "invite": self._arrival.require_invite().body,
            "roles": ROLE_WORDS,
            "is_new": not home.identity_path.exists(),
            "keyring": passphrases.can_keep(),
            "held": passphrases.held() is not None,
        }
