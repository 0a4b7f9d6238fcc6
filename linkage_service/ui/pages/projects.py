"""All projects, and one project: how far it is, its ceremony, its datasets."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response

from linkage_service.api.auth import service_of
from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.listed import ENDED, ProjectLines
from linkage_service.ui.paged import Page, PageNumber
from linkage_service.ui.stages import STEP_NAMES, stage_in
from linkage_service.ui.uploads import CEREMONY_HEADS, ceremony, uploads
from linkage_service.ui.visitors import Reader, Visitor, project_for, reads_projects
from policy.terminal.local_page.addresses import address_of

SearchText = Annotated[str, Query(alias="cari", max_length=120)]
StepNumber = Annotated[str, Query(alias="langkah", max_length=2)]


class ProjectStagePages:
    """What everybody who reads projects sees first."""

    def __init__(self, frame: ServiceFrame, lines: ProjectLines) -> None:
        self._frame, self._lines = frame, lines

    def first(self, request: Request, person: Visitor) -> Response:
        """The page that this person's roles begin with."""
        page = "/proyek" if reads_projects(person) else "/kesehatan"
        return RedirectResponse(address_of(request, page), 303)

    def all(
        self,
        request: Request,
        person: Reader,
        number: PageNumber = 1,
        text: SearchText = "",
        step: StepNumber = "",
    ) -> Response:
        """A page of projects, by a text in their names and by the step that they are at."""
        service = service_of(request)

        def facts() -> dict[str, Any]:
            lines, now = self._lines.of(service, person), service.clock()
            chosen = int(step) if step.isdecimal() else None
            page = Page.of([each for each in lines if each.fits(text.strip(), chosen)], number)
            stages = [
                stage_in(service, service.ledger.project(each.id), now) for each in page.entries
            ]
            running = Counter(name for name, _ in service.runs.states.under_way())
            return {
                "whole": len(lines),
                "shown": page,
                "stages": stages,
                "steps": (*enumerate(STEP_NAMES, start=1),),
                "ended": ENDED,
                "text": text,
                "step": chosen,
                "asked": {"cari": text, "langkah": step},
                "ours": sum(each.awaits_service for each in lines),
                "running": sum(running[each.id] for each in lines),
                "overdue": sum(each.overdue for each in lines),
            }

        return self._frame.guarded(request, "projects", facts)

    def one(self, request: Request, project: str, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            found = project_for(service, person, project)
            stage, datasets = stage_in(service, found, service.clock()), uploads(found)
            return {
                "charter": found.charter,
                "naming": stage.naming,
                "awaited": service.ledger.awaited_log(project),
                "stage": stage,
                "ceremony": ceremony(found),
                "ceremony_heads": CEREMONY_HEADS,
                "datasets": datasets,
                "rows": sum(each.rows or 0 for each in datasets),
            }

        return self._frame.guarded(request, "project-overview", facts)
