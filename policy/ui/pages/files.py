"""Carried files: open a request, send an answer."""

from __future__ import annotations

import time
from typing import Any

from fastapi import Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from policy.base.errors import PadanError
from policy.formats.ask import MAX_ASK_BYTES
from policy.project.naming import IDS, offices
from policy.statements import Statement
from policy.ui.pages.frame import ApproverFrame


class CarriedFilePages:
    """Takes ask.padan in and gives answer.padan out."""

    def __init__(self, frame: ApproverFrame) -> None:
        self._frame, self._desk = frame, frame.desk

    def choose(self, request: Request) -> Response:
        return self._frame.guarded(request, "file", dict)

    def open(self, request: Request, file: UploadFile | None = None) -> Response:
        data = file.file.read(MAX_ASK_BYTES + 1) if file is not None else b""
        try:
            shown = self._desk.open_file(data, int(time.time()))
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
