"""The page on which an authority sees who comes later, compares the words, and signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import JSONResponse, Response

from policy.base.canonical import is_identifier
from policy.base.errors import PadanError
from policy.joining.plan import ROLE_WORDS
from policy.joining.spoken_words import spoken
from policy.members.home import Home, Unlocked
from policy.terminal.comparing import OF_NEWCOMERS
from policy.terminal.local_page.controls import Table
from policy.terminal.local_page.frame import PageFrame
from policy.ui.desk import locked, no_project
from policy.ui.next_roster import HeardWords, sign_shown
from policy.wire.newcomers import Coming, coming_to
from policy.wire.rosters import catch_up


class NextRosterPages:
    """One page for each project, in every program that an authority may use.

    `signed` is told that this person signed; `back` leads away.
    """

    def __init__(
        self,
        frame: PageFrame,
        home: Home,
        me: Callable[[], Unlocked | None],
        back: str,
        signed: Callable[[], None],
    ) -> None:
        self._frame, self._home, self._me = frame, home, me
        self._back, self._signed = back, signed

    @property
    def table(self) -> Table:
        return (
            ("GET", "/roster/{project}", self.show),
            ("POST", "/roster/{project}", self.sign),
            ("GET", "/roster/{project}/watch", self.watch),
        )

    def show(self, request: Request, project: str) -> Response:
        def facts() -> dict[str, Any]:
            coming = self._coming(project)
            if coming is None:
                catch_up(self._home)
            roster = None if coming is None else coming.roster
            return {
                "project": project,
                "coming": coming,
                "in_force": self._home.roster(),
                "roster": roster,
                "to_read": None if roster is None else spoken(roster.digest()),
                "mine": self._unlocked().member.id,
                "roles": ROLE_WORDS,
                "question": OF_NEWCOMERS,
                "seen": _state(coming),
                "back": self._back,
            }

        return self._frame.guarded(request, "next_roster", facts)

    def sign(
        self,
        request: Request,
        project: str,
        roster: Annotated[str, Form()] = "",
        same: Annotated[str, Form()] = "",
        heard: Annotated[str, Form()] = "",
        passphrase: Annotated[str, Form()] = "",
    ) -> Response:
        address = f"/roster/{project}"
        try:
            self._coming(project)
            compared = HeardWords(same=same == "yes", heard=heard)
            sign_shown(self._home, project, roster, compared, passphrase.encode())
        except PadanError as error:
            return self._frame.refused(request, error, address)
        self._signed()
        return self._frame.do(request, "next_roster", lambda: None, address)

    def watch(self, project: str) -> Response:
        try:
            return JSONResponse({"state": _state(self._coming(project))})
        except PadanError as error:
            return JSONResponse({"state": error.code})

    def _coming(self, project: str) -> Coming | None:
        if not is_identifier(project):
            raise no_project(project)
        return coming_to(self._unlocked(), project)

    def _unlocked(self) -> Unlocked:
        me = self._me()
        if me is None:
            raise locked()
        return me


def _state(coming: Coming | None) -> str:
    return "none" if coming is None else coming.state
