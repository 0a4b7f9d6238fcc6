"""One transfer of attributes: columns, purpose, legal basis, rules, votes; approve or refuse."""

from __future__ import annotations

import time
from typing import Any

from fastapi import Request
from fastapi.responses import FileResponse, Response

from policy.base.errors import PadanError
from policy.members.entitled import is_officer_of
from policy.project.naming import offices
from policy.project.progress import TRANSFER_STATES
from policy.ui.pages.decision import DecisionPages, attachment
from policy.ui.pages.frame import ApproverFrame
from policy.ui.transfers import TransferDesk, require_answer


class TransferPages(DecisionPages):
    """The same page for a transfer from the service and from a carried file."""

    acts = ("approve", "refuse")

    def __init__(self, frame: ApproverFrame, desk: TransferDesk) -> None:
        super().__init__(frame)
        self._desk = desk

    def pack(self, request: Request, project: str, name: str) -> Response:
        """The request as a file, for offline machines."""
        try:
            data = self._desk.pack(project, name, int(time.time()))
        except PadanError as error:
            return self._frame.refused(request, error, self._address(project, name, carried=False))
        return attachment(data, f"{project}-{name}.ask.padan")

    def answer(self, request: Request, project: str, name: str) -> Response:
        """A vote that was signed here, as a file to carry."""
        try:
            asked = self._desk.opened(project, name, int(time.time()))
            path = require_answer(self._desk.answer_path(project, asked.record.name))
        except PadanError as error:
            return self._frame.refused(request, error, "/file")
        member = self._desk.desk.unlocked().member.id
        return FileResponse(path, filename=f"{name}-{member}.answer.padan")

    def _show(self, request: Request, project: str, name: str, *, carried: bool) -> Response:
        def facts() -> dict[str, Any]:
            now, me = int(time.time()), self._desk.desk.unlocked().member
            look = self._desk.opened if carried else self._desk.look_at
            asked = look(project, name, now)
            charter, roster = asked.record.project.charter, asked.record.project.roster
            return {
                "asked": asked,
                "naming": offices(asked.record.project),
                "carried": carried,
                "base": self._address(project, name, carried=carried),
                "answered": carried and self._desk.has_answer(project, asked),
                "mine": asked.word_of(me.id),
                "may": asked.open_to(me),
                "officer": is_officer_of(charter, roster, asked.record.sender, me),
                "voted": [
                    (asked.record.project.sender_of(each), each.body) for each in asked.record.words
                ],
                "states": TRANSFER_STATES,
            }

        return self._frame.guarded(request, "transfer", facts)

    def _sign(
        self, project: str, name: str, given: tuple[str, str, bytes], *, carried: bool
    ) -> None:
        (act, seen, secret), now = given, int(time.time())
        look = self._desk.opened if carried else self._desk.look_at
        asked = look(project, name, now)
        self._desk.sign(project, asked, seen, secret, now, refuse=act == "refuse", carried=carried)

    def _address(self, project: str, name: str, *, carried: bool) -> str:
        return f"/{'carried-transfer' if carried else 'transfer'}/{project}/{name}"
