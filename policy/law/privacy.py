"""Probe reports and exceptions: who may put them into the log."""

from __future__ import annotations

from policy.conditions import require_agreed, require_entitled, require_first_time
from policy.law.step import Step
from policy.project import body_of, refused
from policy.statements import Excepted, Probed


def probe(step: Step, body: Probed) -> None:
    require_agreed(step.project)
    charter = step.project.charter
    require_entitled(step.sender.id in (*charter.party_ids, *charter.auditors), step.sender)
    earlier = {body_of(entry, Probed).report.digest() for entry in step.project.of(Probed)}
    require_first_time(body.report.digest() in earlier)
    if body.report.encoding != charter.encoding_digest():
        raise refused(
            "probe",
            "Laporan uji ini tentang penyandian lain daripada penyandian piagam.",
            "This probe report is about other encodings than the charter's.",
        )


def exception(step: Step, body: Excepted) -> None:
    require_agreed(step.project)
    officers = {party.dpo for party in step.project.charter.parties}
    require_entitled(step.sender.has("dpo") and step.sender.id in officers, step.sender)
