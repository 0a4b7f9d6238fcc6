"""One transfer of attributes: columns, purpose, legal basis, rules, votes; approve or refuse."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import FileResponse, Response

from policy.base.errors import PadanError
from policy.members.entitled import is_officer_of
from policy.project.progress import TRANSFER_STATES
from policy.ui.pages.frame import ApproverFrame
from policy.ui.pages.release import attachment
from policy.ui.transfers import TransferDesk, require_answer


class TransferPages:
    """The same page for a transfer from the service and from a carried file."""

    def __init__(self, frame: ApproverFrame, desk: TransferDesk) -> None:
        self._frame, self._desk = frame, desk

    def online(self, request: Request, project: str, transfer: str) -> Response:
        return self._show(request, project, transfer, carried=False)

    def carried(self, request: Request, project: str, transfer: str) -> Response:
        return self._show(request, project, transfer, carried=True)

    def sign_online(
        self,
        request: Request,
        project: str,
        transfer: str,
        act: Annotated[str, Form()] = "",
        seen: Annotated[str, Form()] = "",
        passphrase: Annotated[str, Form()] = "",
    ) -> Response:
        return self._sign(request, (project, transfer), (act, seen, passphrase), carried=False)

    def sign_carried(
        self,
        request: Request,
        project: str,
        transfer: str,
        act: Annotated[str, Form()] = "",
        seen: Annotated[str, Form()] = "",
        passphrase: Annotated[str, Form()] = "",
    ) -> Response:
        return self._sign(request, (project, transfer), (act, seen, passphrase), carried=True)

    def pack(self, request: Request, project: str, transfer: str) -> Response:
        """The request as a file, for offline machines."""
        try:
            data = self._desk.pack(project, transfer, int(time.time()))
        except PadanError as error:
            return self._frame.refused(request, error, _address(project, transfer, carried=False))
        return attachment(data, f"{project}-{transfer}.ask.padan")

    def answer(self, request: Request, project: str, transfer: str) -> Response:
        """A vote that was signed here, as a file to carry."""
        try:
            asked = self._desk.opened(project, transfer, int(time.time()))
            path = require_answer(self._desk.answer_path(project, asked.record.name))
        except PadanError as error:
            return self._frame.refused(request, error, "/file")
        member = self._desk.desk.unlocked().member.id
        return FileResponse(path, filename=f"{transfer}-{member}.answer.padan")

    def _show(self, request: Request, project: str, transfer: str, *, carried: bool) -> Response:
        def facts() -> dict[str, Any]:
            now, me = int(time.time()), self._desk.desk.unlocked().member
            look = self._desk.opened if carried else self._desk.look_at
            asked = look(project, transfer, now)
            charter, roster = asked.record.project.charter, asked.record.project.roster
            return {
                "asked": asked,
                "carried": carried,
                "base": _address(project, transfer, carried=carried),
                "answered": carried and self._desk.has_answer(project, asked),
                "mine": asked.word_of(me.id),
                "may": asked.open_to(me),
                "officer": is_officer_of(charter, roster, asked.record.sender, me),
                "recipient": roster.member(asked.record.request.body.recipient),
                "voted": [
                    (asked.record.project.sender_of(each), each.body) for each in asked.record.words
                ],
                "states": TRANSFER_STATES,
            }

        return self._frame.guarded(request, "transfer", facts)

    def _sign(
        self,
        request: Request,
        named: tuple[str, str],
        given: tuple[str, str, str],
        *,
        carried: bool,
    ) -> Response:
        (project, transfer), (act, seen, passphrase) = named, given
        back, now = _address(project, transfer, carried=carried), int(time.time())
        if act not in ("approve", "refuse"):
            return self._show(request, project, transfer, carried=carried)
        try:
            look = self._desk.opened if carried else self._desk.look_at
            asked, secret = look(project, transfer, now), passphrase.encode()
            self._desk.sign(
                project, asked, seen, secret, now, refuse=act == "refuse", carried=carried
            )
        except PadanError as error:
            return self._frame.refused(request, error, back)
        return Response(status_code=303, headers={"location": back})


def _address(project: str, transfer: str, *, carried: bool) -> str:
    return f"/{'carried-transfer' if carried else 'transfer'}/{project}/{transfer}"
