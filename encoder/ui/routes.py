"""Every address of the page, and what answers it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from encoder.ui.officer import Officer
from encoder.ui.pages.changes import ChangePages
from encoder.ui.pages.columns import ColumnPages
from encoder.ui.pages.coverage import CoveragePages
from encoder.ui.pages.file import FilePages
from encoder.ui.pages.frame import OfficerFrame
from encoder.ui.pages.programme import ProgrammePages
from encoder.ui.pages.project import ProjectPages
from encoder.ui.pages.results import ResultPages
from encoder.ui.pages.review import ReviewPages
from encoder.ui.pages.rows import RowPages
from encoder.ui.pages.sending import SendingPages
from encoder.ui.pages.turns import TurnPages
from policy.terminal.local_page.controls import Controls, Table, router_of
from policy.ui.arrival import Arrival
from policy.ui.charters import CharterDesk
from policy.ui.pages.arrival import ArrivalPages
from policy.ui.pages.charter import CharterPages
from policy.ui.pages.next_roster import NextRosterPages


def routes(officer: Officer, stop: Callable[[], None]) -> APIRouter:
    """The routes of one officer's page; `stop` ends the server."""
    frame = OfficerFrame(officer)
    charters = CharterDesk(officer.home, officer.session_of)
    arrival = Arrival(officer.home, officer.enter)
    arriving = ArrivalPages(frame, arrival, lambda: officer.me, "/step/project")
    charter = CharterPages(frame, charters, "/step/status")
    project = ProjectPages(frame, arriving, charters)
    next_roster = NextRosterPages(
        frame, officer.home, lambda: officer.me, "/step/status", officer.look_who_comes
    )
    file, columns = FilePages(frame), ColumnPages(frame)
    rows, sending, results = RowPages(frame), SendingPages(frame), ResultPages(frame)
    review, turns = ReviewPages(frame), TurnPages(frame)
    programmes, coverage = ProgrammePages(frame), CoveragePages(frame)
    changes = ChangePages(frame)
    facts: dict[str, Callable[[], dict[str, Any]]] = {
        "project": project.project_facts,
        "file": file.facts,
        "columns": columns.facts,
        "quality": rows.quality_facts,
        "prepare": rows.prepare_facts,
        "keys": sending.key_facts,
        "encode": sending.encode_facts,
        "upload": sending.upload_facts,
        "status": turns.facts,
        "results": results.result_facts,
        "programme": programmes.facts,
        "changes": changes.facts,
    }

    def show_step(request: Request, step: str) -> Response:
        place = arriving.way_in()
        if place is not None:
            return RedirectResponse(place, 303)
        if step not in facts:
            return RedirectResponse("/", 303)
        return frame.guarded(request, step, facts[step])

    table: Table = (
        ("GET", "/", project.first),
        ("GET", "/unlock", project.locked),
        ("POST", "/unlock", project.unlock),
        ("GET", "/step/{step}", show_step),
        ("POST", "/project", project.choose),
        ("GET", "/charter/{project}", charter.page),
        ("POST", "/charter/{project}", charter.sign),
        ("GET", "/watch", turns.watch),
        ("POST", "/file", file.keep),
        ("POST", "/file/sheets", file.choose_sheets),
        ("POST", "/file/as-it-is", file.use_as_it_is),
        ("POST", "/columns", columns.save),
        ("POST", "/quality", rows.check_quality),
        ("GET", "/quality/report", rows.quality_report),
        ("POST", "/go", turns.go),
        ("POST", "/prepare", rows.prepare),
        ("POST", "/job/confirm", rows.confirm),
        ("GET", "/prepare/refused.csv", rows.refused),
        ("POST", "/keys/{action}", sending.take_key_step),
        ("POST", "/encode", sending.encode),
        ("POST", "/upload", sending.upload),
        ("POST", "/results/{release}/open", results.open_release),
        ("GET", "/results/{release}/preview", results.preview),
        ("GET", "/results/{release}/list", results.people),
        ("GET", "/results/{release}/coverage", coverage.file),
        ("GET", "/results/{release}/pictures", coverage.show),
        ("GET", "/results/{release}/missing", coverage.give),
        ("POST", "/results/{release}/reverse", coverage.take),
        ("GET", "/review/{release}", review.overview),
        ("GET", "/review/{release}/rows", review.cards),
        ("POST", "/review/{release}/answer", review.answer),
        ("POST", "/review/{release}/sample", review.sample),
        ("GET", "/review/{release}/form", review.form),
        ("POST", "/review/{release}/take", review.take),
        ("POST", "/programme", programmes.make),
        ("GET", "/programme/workbook", programmes.workbook),
        ("POST", "/changes", changes.make),
        ("GET", "/changes/workbook", changes.workbook),
    )
    controls = Controls(frame, stop, lambda: officer.job)
    shared = next_roster.table + controls.table + controls.strays
    return router_of(table + arriving.table + shared)
