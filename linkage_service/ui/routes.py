"""Every address of the pages. Who may open one says the `person` of its endpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response

from linkage_service.people.access import PageRefused
from linkage_service.people.paths import ACCOUNT
from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.listed import ProjectLines
from linkage_service.ui.pages.account import AccountPage
from linkage_service.ui.pages.check import CheckPages
from linkage_service.ui.pages.health import HealthPages
from linkage_service.ui.pages.log import LogPages
from linkage_service.ui.pages.projects import ProjectStagePages
from linkage_service.ui.pages.releases import ReleasesPages
from linkage_service.ui.pages.retention import RetentionPages
from linkage_service.ui.pages.runs import RunPages
from policy.terminal.local_page.controls import Table, router_of


def pages_of_projects(app: FastAPI) -> None:
    """Add the pages to the application, and what they show to a person whom they refuse."""
    frame = ServiceFrame()
    app.include_router(routes(frame))
    strangers: Callable[..., Any] = app.exception_handlers[PageRefused]

    def refused(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, PageRefused), "the handler is of this class alone"
        if getattr(request.state, "person", None) is None:
            answer: Response = strangers(request, refusal)
            return answer
        return frame.closed(request, refusal.error)

    app.add_exception_handler(PageRefused, refused)


def routes(frame: ServiceFrame) -> APIRouter:
    """The pages of one service, which the application holds."""
    lines = ProjectLines()
    projects, runs = ProjectStagePages(frame, lines), RunPages(frame)
    releases, retention = ReleasesPages(frame), RetentionPages(frame, lines)
    log, check, health = LogPages(frame), CheckPages(frame, lines), HealthPages(frame)
    table: Table = (
        ("GET", "/", projects.first),
        ("GET", "/proyek", projects.all),
        ("GET", "/proyek/{project}", projects.one),
        ("GET", "/proyek/{project}/pemadanan", runs.all),
        ("GET", "/proyek/{project}/pemadanan/{run}", runs.one),
        ("GET", "/proyek/{project}/pemadanan/{run}/mutu", runs.quality),
        ("GET", "/proyek/{project}/pemadanan/{run}/kemajuan", runs.progress),
        ("POST", "/proyek/{project}/pemadanan/{run}/mulai", runs.start),
        ("POST", "/proyek/{project}/pemadanan/{run}/hentikan", runs.stop),
        ("GET", "/proyek/{project}/rilis", releases.all),
        ("GET", "/proyek/{project}/rilis/{name}", releases.one),
        ("GET", "/proyek/{project}/pemusnahan", retention.one),
        ("GET", "/proyek/{project}/log", log.all),
        ("GET", "/proyek/{project}/log/{index}", log.entry),
        ("GET", "/proyek/{project}/log/{index}/{form}", log.entry_file),
        ("GET", "/proyek/{project}/bukti.zip", log.evidence),
        ("GET", ACCOUNT, AccountPage(frame).show),
        ("GET", "/kalender", retention.all),
        ("GET", "/periksa", check.show),
        ("GET", "/kesehatan", health.show),
    )
    return router_of(table)
