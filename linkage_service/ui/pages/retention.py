"""The retention calendar: what is destroyed when, what is overdue, and what is on hold."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from linkage_service.api.auth import service_of
from linkage_service.ui.due_things import ORDER, DueThings, by_urgency, due_things
from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.listed import ProjectLines
from linkage_service.ui.paged import Page, PageNumber
from linkage_service.ui.visitors import Reader, project_for
from policy.gates.rules.case import day_of

TONES = {"overdue": "bad", "due": "look", "held": "look", "kept": "", "destroyed": "ok"}


class RetentionPages:
    """The calendar of one project, and of all of them."""

    def __init__(self, frame: ServiceFrame, lines: ProjectLines) -> None:
        self._frame, self._lines = frame, lines

    def all(
        self,
        request: Request,
        person: Reader,
        number: PageNumber = 1,
        state: Annotated[str, Query(alias="keadaan", max_length=16)] = "",
    ) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            lines = self._lines.of(service, person)
            return _shown(by_urgency(due for each in lines for due in each.due), number, state)

        return self._frame.guarded(request, "calendar", facts)

    def one(self, request: Request, project: str, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            found = project_for(service, person, project)
            items = by_urgency(due_things(found, day_of(service.clock())))
            return _shown(items, 1) | {"charter": found.charter}

        return self._frame.guarded(request, "project-retention", facts)


def _shown(items: list[DueThings], number: int, state: str = "") -> dict[str, Any]:
    counts = {
        each: sum(len(item.things) for item in items if item.first.state == each) for each in ORDER
    }
    ahead = [each.first.due for each in items if each.first.state == "kept"]
    chosen = [each for each in items if state not in ORDER or each.first.state == state]
    return {
        "shown": Page.of(chosen, number),
        "counts": counts,
        "next_day": min(ahead, default=None),
        "tones": TONES,
        "asked": {"keadaan": state} if state in ORDER else {},
    }
