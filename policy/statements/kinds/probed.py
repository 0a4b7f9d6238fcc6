"""A report of attack probes."""

from __future__ import annotations

from typing import ClassVar

from policy.base.words import Words
from policy.charter.probe_report import ProbeReport
from policy.statements.body import Body
from policy.statements.kind import Phase


class Probed(Body):
    """By a party or an auditor: the probes were run on this charter's encodings."""

    TYPE: ClassVar[str] = "padan/probe"
    TITLE: ClassVar[Words] = Words("Laporan uji serangan dicatat", "Probe report recorded")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.PRIVACY, 1)

    report: ProbeReport
