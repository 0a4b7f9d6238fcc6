"""One release: the request, each rule's result, the votes; sign, refuse, withdraw."""

from __future__ import annotations

import time
from typing import Annotated, Any, get_args

from fastapi import Form, Request
from fastapi.responses import FileResponse, Response

from policy.approval import Asked
from policy.approval.asked import FORMS, STATES
from policy.base.errors import PadanError
from policy.papers.agreed.words import ROLES
from policy.project.naming import offices
from policy.ui.desk import Act
from policy.ui.pages.frame import ApproverFrame
from policy.ui.pictures import overlap


class ReleasePages:
    """The same page for a release from the service and from a carried file."""

    def __init__(self, frame: ApproverFrame) -> None:
        self._frame, self._desk = frame, frame.desk

    def online(self, request: Request, project: str, release: str) -> Response:
        return self._show(request, project, release, carried=False)

    def carried(self, request: Request, project: str, release: str) -> Response:
        return self._show(request, project, release, carried=True)

    def sign_online(
        self,
        request: Request,
        project: str,
        release: str,
        act: Annotated[str, Form()] = "",
        stage: Annotated[str, Form()] = "",
        passphrase: Annotated[str, Form()] = "",
    ) -> Response:
        return self._sign(request, (project, release), (act, stage, passphrase), carried=False)

    def sign_carried(
        self,
        request: Request,
        project: str,
        release: str,
        act: Annotated[str, Form()] = "",
        stage: Annotated[str, Form()] = "",
        passphrase: Annotated[str, Form()] = "",
    ) -> Response:
        return self._sign(request, (project, release), (act, stage, passphrase), carried=True)

    def pack(self, request: Request, project: str, release: str) -> Response:
        """The request as a file, for offline machines."""
        try:
            data = self._desk.pack(project, release, int(time.time()))
        except PadanError as error:
            return self._frame.refused(request, error, f"/release/{project}/{release}")
        name = f"{project}-{release}.ask.padan"
        return attachment(data, name)

    def answer(self, request: Request, project: str, release: str, act: str) -> Response:
        """An answer that was signed here, as a file to carry."""
        try:
            asked = self._desk.opened(project, release, int(time.time()))
        except PadanError as error:
            return self._frame.refused(request, error, "/file")
        if act not in self._desk.answers(asked):
            return Response(status_code=404)
        path = self._desk.answer_path(project, release, act)
        return FileResponse(path, filename=f"{release}-{asked.me.id}.answer.padan")

    def _at_hand(self, project: str, release: str, *, carried: bool) -> Asked:
        now = int(time.time())
        look = self._desk.opened if carried else self._desk.look_at
        return look(project, release, now)

    def _show(self, request: Request, project: str, release: str, *, carried: bool) -> Response:
        def facts() -> dict[str, Any]:
            asked = self._at_hand(project, release, carried=carried)
            naming = offices(asked.project)
            return {
                "asked": asked,
                "naming": naming,
                "roles": ROLES,
                "overlap": overlap(asked, naming),
                "carried": carried,
                "base": f"/{'carried' if carried else 'release'}/{project}/{release}",
                "answers": self._desk.answers(asked) if carried else [],
                "forms": FORMS,
                "states": STATES,
            }

        return self._frame.guarded(request, "release", facts)

    def _sign(
        self,
        request: Request,
        named: tuple[str, str],
        given: tuple[str, str, str],
        *,
        carried: bool,
    ) -> Response:
        (project, release), (act, stage, passphrase) = named, given
        back = f"/{'carried' if carried else 'release'}/{project}/{release}"
        chosen: Act | None = next((each for each in get_args(Act) if each == act), None)
        if chosen is None:
            return self._show(request, project, release, carried=carried)
        try:
            asked = self._at_hand(project, release, carried=carried)
            secret, now = passphrase.encode(), int(time.time())
            self._desk.sign(asked, chosen, stage, secret, now, carried=carried)
        except PadanError as error:
            return self._frame.refused(request, error, back)
        return Response(status_code=303, headers={"location": back})


def attachment(data: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)
