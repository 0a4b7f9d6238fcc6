"""The log as a picture: what was said when, by phases, with each statement in the table beneath."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policy.base.dates import at_second, long_moment
from policy.base.words import Words
from policy.charts.page import Figure, ReportTable
from policy.charts.timeline import Timeline, TimelineRow
from policy.project.naming import IDS, Naming
from policy.project.project import Project
from policy.statements import Body
from policy.statements.kind import Phase

PHASES = {
    Phase.AGREEMENT: Words("Anggota dan piagam", "Members and charter"),
    Phase.PRIVACY: Words("Uji serangan dan pengecualian", "Probes and exceptions"),
    Phase.CEREMONY: Words("Kunci", "Keys"),
    Phase.DATASETS: Words("Sumber data", "Datasets"),
    Phase.RUNS: Words("Pemadanan", "Runs"),
    Phase.RELEASES: Words("Rilis dan atribut", "Releases and attributes"),
    Phase.RETENTION: Words("Penyimpanan dan pemusnahan", "Retention and destruction"),
}
_TITLE = Words("Log sebagai garis waktu", "The log as a timeline")
_ABOUT = Words(
    "Titik adalah pernyataan bertanda tangan menurut waktunya; yang berdekatan berbagi satu titik."
    " Angka di kanan menghitung pernyataan yang menyebut waktu.",
    "Dots are signed statements, by their times; near ones share a dot. The number on the right"
    " counts the statements that name a time.",
)
_HEADS = (
    Words("Entri", "Entry"),
    Words("Waktu", "Time"),
    Words("Langkah", "Step"),
    Words("Oleh", "By"),
)


@dataclass(frozen=True)
class LogEvent:
    """A statement of the log: its index, time if it states one, phase, title and sender."""

    index: int
    at: int | None
    phase: Phase
    title: Words
    who: Words


def log_picture(project: Project, naming: Naming = IDS, code: str = "log") -> Figure:
    """The whole log: drawn by phases, and as a table of all statements."""
    events = [
        LogEvent(
            each.index,
            each.body.at if isinstance(each.body, Body) else None,
            each.body.PLACE[0],
            each.body.TITLE,
            naming.member(each.sender),
        )
        for each in project.entries
    ]
    rows = tuple((str(e.index), _moment(e.at), e.title, e.who) for e in events)
    table = ReportTable(f"{code}-table", Words("Semua pernyataan", "All statements"), _HEADS, rows)
    return Figure(_TITLE, _ABOUT, drawn(((e.phase, e.at) for e in events), code), table, True)


def drawn(events: Iterable[tuple[Phase, int | None]], code: str) -> Timeline:
    """The drawing alone: one line for each phase that has a statement with a time."""
    times: dict[Phase, list[int]] = {}
    for phase, at in events:
        if at is not None:
            times.setdefault(phase, []).append(at)
    rows = tuple(
        TimelineRow(PHASES[phase], tuple(times[phase])) for phase in PHASES if phase in times
    )
    return Timeline(code, _TITLE, _ABOUT, rows)


def _moment(at: int | None) -> Words:
    return Words("–", "–") if at is None else long_moment(at_second(at))
