"""All projects, and one project: how far it is, its ceremony, its datasets."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from linkage_service.api.auth import service_of
from linkage_service.service import Service
from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.stages import Stage, stage_of
from linkage_service.ui.uploads import CEREMONY_HEADS, ceremony, uploads
from linkage_service.ui.visitors import Reader, Visitor, project_for, projects_for, reads_projects
from linkage_service.ui.watched import watched_runs
from policy.gates.rules.case import day_of
from policy.project import Project
from policy.retention import schedule
from policy.statements import Ended
from policy.terminal.local_page.addresses import address_of


class ProjectStagePages:
    """What everybody who reads projects sees first."""

    def __init__(self, frame: ServiceFrame) -> None:
        self._frame = frame

    def first(self, request: Request, person: Visitor) -> Response:
        """The page that this person's roles begin with."""
        page = "/proyek" if reads_projects(person) else "/kesehatan"
        return RedirectResponse(address_of(request, page), 303)

    def all(self, request: Request, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            now = service.clock()
            stages = [stage_in(service, each, now) for each in projects_for(service, person)]
            today = day_of(now)
            runs = (run for each in stages for run in watched_runs(service, each.project))
            items = (item for each in stages for item in schedule(each.project, today))
            return {
                "stages": sorted(stages, key=_longest_first),
                "ours": sum(_is_ours(each) for each in stages),
                "running": sum(run.is_running for run in runs),
                "overdue": sum(item.state == "overdue" for item in items),
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
                "stage": stage,
                "ceremony": ceremony(found),
                "ceremony_heads": CEREMONY_HEADS,
                "datasets": datasets,
                "rows": sum(each.rows or 0 for each in datasets),
            }

        return self._frame.guarded(request, "project-overview", facts)


def stage_in(service: Service, project: Project, now: int) -> Stage:
    """The project's stage by this service's log and the cosignatures it keeps."""
    return stage_of(project, service.ledger.cosigned(project.charter.project), now)


def _longest_first(stage: Stage) -> tuple[bool, int, str]:
    turn = stage.turn
    since = stage.at if turn is None or turn.since is None else turn.since
    return turn is None, since, stage.project.charter.project


def _is_ours(stage: Stage) -> bool:
    """Whether a coordinator is awaited first."""
    if stage.turn is None or stage.project.of(Ended):
        return False
    roster = stage.project.roster
    who = [roster.member(name) for name in stage.turn.who if roster.has_member(name)]
    return any(member.has("coordinator") or member.has("service") for member in who)
