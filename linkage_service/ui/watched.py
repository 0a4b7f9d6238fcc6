"""A project's runs with their progress, as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linkage_service.service import Service
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.project import Project, RunRecord


@dataclass(frozen=True)
class WatchedRun:
    """A run, and its progress. `state` is `ordered` before it was started."""

    record: RunRecord
    state: str
    done: int = 0
    total: int = 0
    error: str = ""
    problem: Words | None = None
    hint: Words | None = None

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def is_running(self) -> bool:
        return self.state == "running"

    @property
    def can_start(self) -> bool:
        """Whether the button to start or to go on does something."""
        return self.state in ("ordered", "cancelled", "failed")


def watched_runs(service: Service, project: Project) -> list[WatchedRun]:
    """Every run of the project, the newest first."""
    return [watched(service, project, run) for run in reversed(project.runs())]


def watched(service: Service, project: Project, run: RunRecord) -> WatchedRun:
    """One run with its progress."""
    if run.finished is not None:
        return WatchedRun(run, "done")
    try:
        told = service.runs.state(project.charter.project, run.name)
    except NotYet:
        return WatchedRun(run, "ordered")
    return _of(run, told)


def _of(run: RunRecord, told: dict[str, Any]) -> WatchedRun:
    reason = told["reason"] or {}
    problem, hint = (_words(reason.get(part)) for part in ("problem", "hint"))
    return WatchedRun(
        run,
        told["state"],
        told["tiles_done"],
        told["tiles_total"],
        told["error"],
        problem,
        hint,
    )


def _words(said: dict[str, str] | None) -> Words | None:
    return None if said is None else Words(said["id"], said["en"])
