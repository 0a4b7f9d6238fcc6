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
from policy.project.naming import Naming, joined, offices
from policy.retention import Item, schedule
from policy.retention.words import STATES, THINGS
from policy.statements import Thing

_ORDER = ("overdue", "due", "held", "kept", "destroyed")
TONES = {"overdue": "bad", "due": "look", "held": "look", "kept": "", "destroyed": "ok"}


@dataclass(frozen=True)
class DueThings:
    """Things of one member of one project with the same days and state; `first` is one of them."""

    project: Project
    naming: Naming
    first: Item
    things: tuple[Thing, ...]

    @property
    def what(self) -> Words:
        return joined([THINGS[each] for each in self.things])

    @property
    def state(self) -> Words:
        return STATES[self.first.state]


class RetentionPages:
    """The calendar of one project, and of all of them."""

    def __init__(self, frame: ServiceFrame) -> None:
        self._frame = frame

    def all(self, request: Request, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            now = service.clock()
            return _shown(_things(projects_for(service, person), now))

        return self._frame.guarded(request, "calendar", facts)

    def one(self, request: Request, project: str, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            found = project_for(service, person, project)
            return _shown(_things([found], service.clock())) | {"charter": found.charter}

        return self._frame.guarded(request, "project-retention", facts)


def _things(projects: list[Project], now: int) -> list[DueThings]:
    """Everything that is kept or was destroyed: what is late first, then by day."""
    found = []
    for project in projects:
        naming, groups = offices(project), dict[tuple[object, ...], list[Item]]()
        for item in schedule(project, day_of(now)):
            attested = item.attested and item.attested.index
            key = (item.owner, item.state, item.due, item.deadline, attested)
            groups.setdefault(key, []).append(item)
        for items in groups.values():
            things = tuple(each.what for each in items)
            found.append(DueThings(project, naming, items[0], things))
    return sorted(found, key=lambda each: (_ORDER.index(each.first.state), each.first.due))


def _shown(items: list[DueThings]) -> dict[str, Any]:
    counts = {
        state: sum(len(each.things) for each in items if each.first.state == state)
        for state in _ORDER
    }
    ahead = [each.first.due for each in items if each.first.state == "kept"]
    return {"items": items, "counts": counts, "next_day": min(ahead, default=None), "tones": TONES}
