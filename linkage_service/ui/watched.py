"""A project's runs with their progress, as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from linkage_service.runs.progress import Progress
from linkage_service.service import Service
from policy.base.errors import NotYet
from policy.base.words import Words, number
from policy.project import Project, RunRecord

_STEPS = {
    "": Words("Menunggu giliran", "Waiting for its turn"),
    "begin": Words("Membuka dan memeriksa bundel", "Opening and checking the bundles"),
    "search": Words("Mencari calon pasangan", "Searching candidate pairs"),
    "solve": Words("Membentuk kelompok dan menaksir mutu", "Forming groups, estimating quality"),
    "finish": Words("Mencatat hasil di log", "Entering the result into the log"),
}
_MINUTE = 60


@dataclass(frozen=True)
class WatchedRun:
    """A run and its progress, which is None before it was started.

    `problem` and `hint` say why it waits or failed.
    """

    record: RunRecord
    progress: Progress | None
    problem: Words | None = None
    hint: Words | None = None

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def state(self) -> str:
        """One of ordered, running, waiting, cancelled, failed, done."""
        if self.record.finished is not None:
            return "done"
        if self.progress is None:
            return "ordered"
        if self.progress.waits:
            return "waiting"
        # Until the log has the result, the run is at its last step.
        return "running" if self.progress.state == "done" else self.progress.state

    @property
    def is_running(self) -> bool:
        return self.state in ("running", "waiting")

    @property
    def can_start(self) -> bool:
        """Whether the button to start or to go on does something."""
        return self.state == "ordered" or (self.progress is not None and self.progress.can_go_on)

    @property
    def can_stop(self) -> bool:
        return self.progress is not None and self.progress.can_stop

    @property
    def doing(self) -> Words:
        """What the run does now."""
        return _STEPS[self.progress.step if self.progress else ""]

    @property
    def pace(self) -> Words:
        """The tiles a minute; a dash while nobody knows."""
        pace = self.progress.tiles_a_minute if self.progress else None
        if pace is None:
            return Words("–", "–")
        return number(round(pace)) if pace >= 1 else Words("< 1", "< 1")

    @property
    def left(self) -> Words:
        """The time left; a dash while nobody knows."""
        seconds = self.progress.seconds_left if self.progress else None
        return Words("–", "–") if seconds is None else _span(seconds)


def watched_runs(service: Service, project: Project) -> list[WatchedRun]:
    """Every run of the project, the newest first."""
    known = {each.run: each for each in service.runs.progress(project.charter.project)}
    return [WatchedRun(run, known.get(run.name)) for run in reversed(project.runs())]


def watched(service: Service, run: RunRecord) -> WatchedRun:
    """One run with its progress, and why it waits or failed."""
    run.order  # noqa: B018 - raises NotYet for a run that nobody ordered
    try:
        progress, reason = service.runs.states.read(
            run.project.charter.project, run.name, service.clock()
        )
    except NotYet:
        return WatchedRun(run, None)
    said = reason or {}
    problem, hint = (_words(said.get(part)) for part in ("problem", "hint"))
    return WatchedRun(run, progress, problem, hint)


def _words(said: dict[str, str] | None) -> Words | None:
    return None if said is None else Words(said["id"], said["en"])


def _span(seconds: int) -> Words:
    if seconds < _MINUTE:
        return Words("kurang dari 1 menit", "less than 1 minute")
    minutes = -(-seconds // _MINUTE)
    if minutes < 60:
        return Words(f"{minutes} menit", "1 minute" if minutes == 1 else f"{minutes} minutes")
    hours, rest = divmod(minutes, 60)
    return Words(f"{hours} jam {rest} menit", f"{hours} h {rest} min")
