"""Runs of a project: those under way with buttons to stop and to go on, and results in figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from linkage_service.api.auth import service_of
from linkage_service.runs.results import Results
from linkage_service.service import Service
from linkage_service.ui.figures.quality import TOO_FEW, run_quality
from linkage_service.ui.figures.result import result_figures
from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.visitors import Coordinator, Reader, open_domains, project_for
from linkage_service.ui.watched import watched, watched_runs
from linkage_service.ui.words import RUN_STATES
from policy.base.errors import PadanError
from policy.base.words import Words
from policy.charts.page import Block
from policy.gates.facts import RunFacts
from policy.project import Project, RunRecord
from policy.project.canary_counts import planted
from policy.project.naming import offices
from policy.retention import require_usable


class RunPages:
    """What a coordinator does with runs, and what everybody reads of them."""

    def __init__(self, frame: ServiceFrame) -> None:
        self._frame = frame

    def all(self, request: Request, project: str, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            found = project_for(service, person, project)
            runs = watched_runs(service, found)
            budget = found.charter.budget
            return _named(found) | {"runs": runs, "budget": budget}

        return self._frame.guarded(request, "project-runs", facts)

    def one(self, request: Request, project: str, run: str, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            found = project_for(service, person, project)
            shown = watched(service, found.run(run))
            values = _named(found) | {"run": shown, "blocks": (), "closed": None}
            if shown.record.finished is None:
                return values
            domains = open_domains(person, shown.record)
            blocks, gone = run_figures(service, found, shown.record, domains)
            return values | {"blocks": blocks, "closed": gone if domains else _CLOSED}

        return self._frame.guarded(request, "project-run", facts)

    def quality(self, request: Request, project: str, run: str, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            found = project_for(service, person, project)
            record = found.run(run)
            record.require_finished()
            values = _named(found) | {"run": watched(service, record), "quality": None}
            if open_domains(person, record) != record.order.body.domains:
                return values | {"closed": _CLOSED}
            require_usable(found, "candidates", service.clock())
            stored = Results(service.blobs, project, run).calibration()
            return values | {
                "closed": None,
                "quality": run_quality(found, run, stored),
                "too_few": TOO_FEW,
            }

        return self._frame.guarded(request, "project-quality", facts)

    def progress(self, request: Request, project: str, run: str, person: Reader) -> Response:
        """How far the run is, for the page that is open."""
        service = service_of(request)
        try:
            shown = watched(service, project_for(service, person, project).run(run))
        except PadanError as error:
            return JSONResponse({"state": "none", "code": error.code}, 404)
        language = self._frame.language(request)
        return JSONResponse(
            {
                "state": "running" if shown.is_running else shown.state,
                "done": shown.progress.tiles_done if shown.progress else 0,
                "total": shown.progress.tiles_total if shown.progress else 0,
                "said": {
                    "doing": shown.doing.in_language(language),
                    "pace": shown.pace.in_language(language),
                    "left": shown.left.in_language(language),
                },
            }
        )

    def start(self, request: Request, project: str, run: str, person: Coordinator) -> Response:
        service = service_of(request)

        def act() -> None:
            project_for(service, person, project)
            service.runs.start(project, run)

        return self._done(request, project, run, act)

    def stop(self, request: Request, project: str, run: str, person: Coordinator) -> Response:
        service = service_of(request)

        def act() -> None:
            project_for(service, person, project).run(run).order  # noqa: B018 - raises NotYet
            service.runs.cancel(project, run)

        return self._done(request, project, run, act)

    def _done(self, request: Request, project: str, run: str, act: Callable[[], None]) -> Response:
        return self._frame.do_at(request, act, f"/proyek/{project}/pemadanan/{run}")


_CLOSED = Words(
    "Jumlah pemadanan ini terbuka bagi kantor Anda setelah rilisnya disiapkan.",
    "The counts of this run are open to your office once a release of it is staged.",
)


def _named(project: Project) -> dict[str, Any]:
    naming = offices(project)
    return {"charter": project.charter, "naming": naming, "states": RUN_STATES}


def run_figures(
    service: Service, project: Project, record: RunRecord, domains: tuple[str, ...]
) -> tuple[list[Block], Words | None]:
    """The figures of a finished run in these ID domains, and why there are none."""
    name, finished = project.charter.project, record.require_finished().body
    charter = project.charter
    try:
        facts = service.opened(name, finished.facts).facts
        require_usable(project, "candidates", service.clock())
    except PadanError as error:
        return [], error.problem
    assert isinstance(facts, RunFacts), "a run commits to the facts of a run"
    results, canaries = Results(service.blobs, name, record.name), planted(record.before_order())
    # What is shown of a domain depends on all of them, and not on who looks at it, or when.
    stored = {domain: results.overlaps(domain) for domain in record.order.body.domains}
    released = {
        domain
        for each in project.releases()
        if each.is_released and each.run.name == record.name
        for domain in each.domains
    }
    return result_figures(charter, facts, stored, canaries, domains, released), None
