"""The report as one self-contained page that an auditor can file, in both languages.

The page's texts come from a stranger's file. They are escaped, and no character can move or hide
the text around it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from typing import Any

from policy.base.dates import at_second, long_day, long_moment
from policy.base.foreign_text import clean
from policy.base.words import Language, Words
from policy.charts.page import drawing_style
from policy.charts.timeline import Timeline
from policy.evidence.report import (
    EXIT_FAILED,
    EXIT_VERIFIED,
    NO_FILE_CAN_PROVE,
    STANDING_SIGNS,
    VerificationReport,
    spans,
)
from policy.project.log_picture import drawn
from policy.retention import STATES, THINGS
from policy.statements import BODIES


@dataclass(frozen=True)
class ReportOrigin:
    """What the report was made from: the file, and what the auditor supplied."""

    name: str
    digest: str
    pinned: bool
    own_checkpoint: bool
    made_at: int

    @property
    def made(self) -> Words:
        return long_moment(at_second(self.made_at))

    @property
    def version(self) -> str:
        return metadata.version("padan")


def report_page(report: VerificationReport, source: ReportOrigin, first: Language = "id") -> str:
    """The report as HTML, in this language first and then in the other."""
    languages: tuple[Language, ...] = ("id", "en") if first == "id" else ("en", "id")
    page: str = _template().render(
        report=report,
        source=source,
        languages=languages,
        translators={language: _translator(language) for language in languages},
        verdict={EXIT_VERIFIED: "good", EXIT_FAILED: "bad"}.get(report.exit_code, "half"),
        signs=STANDING_SIGNS,
        spans=spans,
        who=lambda ids, t: ", ".join(t(report.naming.member(each)) for each in ids if each),
        no_file_can_prove=NO_FILE_CAN_PROVE,
        at=lambda seconds: long_moment(at_second(seconds)),
        day=long_day,
        things=THINGS,
        states=STATES,
        timeline=_drawn(report),
        drawing_style=drawing_style(),
    )
    return page


def _drawn(report: VerificationReport) -> Timeline:
    """The log as a picture: its statements by phase. Checkpoints and void entries are left out."""
    phases = {kind.TITLE: kind.PLACE[0] for kind in BODIES.values()}
    moments = [m for m in report.timeline if m.kind == "entry" and m.title in phases]
    # Similar entries in a row are one moment.
    statements = ((phases[m.title], m.at) for m in moments for _ in range(m.first, m.last + 1))
    return drawn(statements, "log")


def _translator(language: Language) -> Callable[..., str]:
    def t(indonesian: str | Words, english: str = "") -> str:
        words = indonesian if isinstance(indonesian, Words) else Words(indonesian, english)
        return clean(words.in_language(language))

    return t


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    text = (resources.files("policy.evidence") / "templates" / "report.html.j2").read_text("utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)
