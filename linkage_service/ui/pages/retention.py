"""The retention calendar: what is destroyed when, what is overdue, and what is on hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from linkage_service.api.auth import service_of
from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.visitors import Reader, project_for, projects_for
from policy.base.words import Words
from policy.gates.rules.case import day_of
from policy.project import Project
from policy.project.naming import Naming, offices
from policy.retention import Item, schedule
from policy.retention.words import STATES, THINGS

_ORDER = ("overdue", "due", "held", "kept", "destroyed")
TONES = {"overdue": "bad", "due": "look", "held": "look", "kept": "", "destroyed": "ok"}


@dataclass(frozen=True)
class DueItem:
    """One thing of one member of one project."""

    project: Project
    naming: Naming
    item: Item

    @property
    def what(self) -> Words:
        return THINGS[self.item.what]

    @property
    def state(self) -> Words:
        return STATES[self.item.state]


class RetentionPages:
    """The calendar of one project, and of all of them."""

    def __init__(self, frame: ServiceFrame) -> None:
        self._frame = frame

    def all(self, request: Request, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            now = service.clock()
            return _shown(_items(projects_for(service, person), now))

        return self._frame.guarded(request, "calendar", facts)

    def one(self, request: Request, project: str, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            found = project_for(service, person, project)
            return _shown(_items([found], service.clock())) | {"charter": found.charter}

        return self._frame.guarded(request, "project-retention", facts)


def _items(projects: list[Project], now: int) -> list[DueItem]:
    """Everything that is kept or was destroyed: what is late first, then by day."""
    found = []
    for project in projects:
        naming = offices(project)
        found += [DueItem(project, naming, each) for each in schedule(project, day_of(now))]
    return sorted(found, key=lambda each: (_ORDER.index(each.item.state), each.item.due))


def _shown(items: list[DueItem]) -> dict[str, Any]:
    counts = {state: sum(each.item.state == state for each in items) for state in _ORDER}
    ahead = [each.item.due for each in items if each.item.state == "kept"]
    return {"items": items, "counts": counts, "next_day": min(ahead, default=None), "tones": TONES}
