"""Every address of the pages. Who may open one says the `person` of its endpoint."""

from __future__ import annotations

from fastapi import APIRouter

from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.pages.projects import ProjectStagePages
from policy.terminal.local_page.controls import Table, router_of


def routes() -> APIRouter:
    """The pages of one service, which the application holds."""
    frame = ServiceFrame()
    projects = ProjectStagePages(frame)
    table: Table = (
        ("GET", "/", projects.first),
        ("GET", "/proyek", projects.all),
        ("GET", "/proyek/{project}", projects.one),
    )
    return router_of(table)
