"""One release: the request, each rule's result, the votes; sign, refuse, withdraw."""

from __future__ import annotations

import time
from typing import Any, get_args

from fastapi import Request
from fastapi.responses import FileResponse, Response

from policy.approval import Asked
from policy.approval.asked import FORMS, STATES
from policy.base.errors import PadanError
from policy.papers.agreed.words import ROLES
from policy.project.naming import offices
from policy.ui.desk import Act
from policy.ui.pages.decision import DecisionPages, attachment
from policy.ui.pages.frame import ApproverFrame
from policy.ui.pictures import overlap


class ReleasePages(DecisionPages):
    """The same page for a release from the service and from a carried file."""

    acts = get_args(Act)

    def __init__(self, frame: ApproverFrame) -> None:
        super().__init__(frame)
        self._desk = frame.desk

    def pack(self, request: Request, project: str, name: str) -> Response:
        """The request as a file, for offline machines."""
        try:
            data = self._desk.pack(project, name, int(time.time()))
        except PadanError as error:
            return self._frame.refused(request, error, self._address(project, name, carried=False))
        return attachment(data, f"{project}-{name}.ask.padan")

    def answer(self, request: Request, project: str, name: str, act: str) -> Response:
        """An answer that was signed here, as a file to carry."""
        try:
            asked = self._desk.opened(project, name, int(time.time()))
        except PadanError as error:
            return self._frame.refused(request, error, "/file")
        if act not in self._desk.answers(asked):
            return Response(status_code=404)
        path = self._desk.answer_path(project, name, act)
        return FileResponse(path, filename=f"{name}-{asked.me.id}.answer.padan")

    def _at_hand(self, project: str, name: str, *, carried: bool) -> Asked:
        now = int(time.time())
        look = self._desk.opened if carried else self._desk.look_at
        return look(project, name, now)

    def _show(self, request: Request, project: str, name: str, *, carried: bool) -> Response:
        def facts() -> dict[str, Any]:
            asked = self._at_hand(project, name, carried=carried)
            naming = offices(asked.project)
            return {
                "asked": asked,
                "naming": naming,
                "roles": ROLES,
                "overlap": overlap(asked, naming),
                "carried": carried,
                "base": self._address(project, name, carried=carried),
                "answers": self._desk.answers(asked) if carried else [],
                "forms": FORMS,
                "states": STATES,
            }

        return self._frame.guarded(request, "release", facts)

    def _sign(
        self, project: str, name: str, given: tuple[str, str, bytes], *, carried: bool
    ) -> None:
        chosen, stage, secret = given
        act: Act = next(each for each in get_args(Act) if each == chosen)
        asked = self._at_hand(project, name, carried=carried)
        self._desk.sign(asked, act, stage, secret, int(time.time()), carried=carried)

    def _address(self, project: str, name: str, *, carried: bool) -> str:
        return f"/{'carried' if carried else 'release'}/{project}/{name}"
