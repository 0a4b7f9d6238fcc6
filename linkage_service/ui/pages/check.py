"""What an auditor checks: the evidence of each project, and the commands to verify it offline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from linkage_service.api.auth import service_of
from linkage_service.service import Service
from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.listed import ProjectLines
from linkage_service.ui.paged import Page, PageNumber
from linkage_service.ui.pages.projects import SearchText
from linkage_service.ui.visitors import Auditor
from policy.gates.rules.case import day_of
from policy.members.roster import roster_digest
from policy.project import Project
from policy.retention import schedule
from policy.statements import RosterBody

_CARDS = 6


@dataclass(frozen=True)
class ToCheck:
    """A project, and what in it needs a look."""

    project: Project
    size: int
    witnessed: int
    roster_digest: str
    decided: int
    to_rerun: int
    overdue: int

    @property
    def unwitnessed(self) -> int:
        """Entries that no quorum has seen yet."""
        return self.size - self.witnessed


class CheckPages:
    """The auditor's page."""

    def __init__(self, frame: ServiceFrame, lines: ProjectLines) -> None:
        self._frame, self._lines = frame, lines

    def show(
        self, request: Request, person: Auditor, number: PageNumber = 1, text: SearchText = ""
    ) -> Response:
        """A page of projects, by a text in their names."""
        service = service_of(request)

        def facts() -> dict[str, Any]:
            now = service.clock()
            lines = self._lines.of(service, person)
            chosen = [each for each in lines if each.fits(text.strip(), None)]
            page = Page.of(sorted(chosen, key=lambda each: each.id), number, _CARDS)
            projects = (service.ledger.project(each.id) for each in page.entries)
            return {
                "whole": len(lines),
                "found": [_to_check(service, each, now) for each in projects],
                "shown": page,
                "text": text,
                "asked": {"cari": text},
            }

        return self._frame.guarded(request, "check", facts)


def _to_check(service: Service, project: Project, now: int) -> ToCheck:
    name = project.charter.project
    covered = service.ledger.witnessed(name).covered
    first = project.of(RosterBody)[:1]
    return ToCheck(
        project,
        project.size,
        0 if covered is None else covered.size,
        roster_digest(first[0].statement.leaf) if first else "",
        sum(release.is_decided for release in project.releases()),
        sum(run.finished is not None and not run.reruns for run in project.runs()),
        sum(item.state == "overdue" for item in schedule(project, day_of(now))),
    )
