"""Carried files: open a request, send an answer."""

from __future__ import annotations

import time
from typing import Any

from fastapi import Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from policy.base.errors import PadanError
from policy.formats.ask import MAX_ASK_BYTES, is_transfer_ask
from policy.project.naming import IDS, offices
from policy.statements import Statement
from policy.ui.pages.frame import ApproverFrame
from policy.ui.transfers import TransferDesk


class CarriedFilePages:
    """Takes ask.padan in and gives answer.padan out."""

    def __init__(self, frame: ApproverFrame, transfers: TransferDesk) -> None:
        self._frame, self._desk, self._transfers = frame, frame.desk, transfers

    def choose(self, request: Request) -> Response:
        opened = sorted(self._transfers.carried)
        return self._frame.guarded(request, "file", lambda: {"transfers": opened})

    def open(self, request: Request, file: UploadFile | None = None) -> Response:
        data = file.file.read(MAX_ASK_BYTES + 1) if file is not None else b""
        now = int(time.time())
        try:
            shown = (
                self._transfers.open_file(data, now)
                if is_transfer_ask(data)
                else self._desk.open_file(data, now)
            )
        except PadanError as error:
            return self._frame.refused(request, error, "/file")
        return RedirectResponse(shown, 303)

    def answer(self, request: Request) -> Response:
        if self._desk.answer is None:
            return RedirectResponse("/file", 303)
        _, statement = self._desk.answer
        return self._frame.show(request, "answer", **self._said(statement))

    def send(self, request: Request) -> Response:
        if self._desk.answer is None:
            return RedirectResponse("/file", 303)
        try:
            self._desk.submit(int(time.time()))
        except PadanError as error:
            return self._frame.refused(request, error, "/answer")
        _, statement = self._desk.answer
        self._desk.answer = None
        return self._frame.show(request, "sent", **self._said(statement))

    def _said(self, statement: Statement) -> dict[str, Any]:
        """The statement, with the project's title and offices if this machine has its log."""
        project = statement.binding.project
        try:
            known = self._desk.session(project).recall()
            title, naming = known.charter.title.words(), offices(known)
        except PadanError:
            title, naming = IDS.same(project), IDS
        return {"statement": statement, "project": title, "naming": naming}
