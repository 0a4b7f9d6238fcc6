"""One project: how far it is, who takes part, and its log as a timeline."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from policy.project.log_picture import log_picture
from policy.project.naming import offices
from policy.project.progress import steps_done
from policy.terminal.local_page.rail import UpNext
from policy.ui.pages.frame import ApproverFrame
from policy.ui.words import NOTHING_AWAITED
from policy.wire.due import due


class TrackPages:
    """Projects by this machine's copy of their logs; no network is used."""

    def __init__(self, frame: ApproverFrame) -> None:
        self._frame, self._desk = frame, frame.desk

    def show(self, request: Request, project: str) -> Response:
        def facts() -> dict[str, Any]:
            session = self._desk.session(project)
            state = session.recall()
            naming = offices(state)
            awaited = [each.words(naming) for each in due(session)]
            return {
                "charter": state.charter,
                "state": state,
                "naming": naming,
                "up_next": UpNext(awaited[0] if awaited else NOTHING_AWAITED),
                "awaited": awaited,
                "taken": steps_done(state, naming),
                "log": log_picture(state, naming),
            }

        return self._frame.guarded(request, "project", facts)
