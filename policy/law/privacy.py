"""Probe reports and exceptions: who may put them into the log."""

from __future__ import annotations

from policy.conditions import require_agreed, require_entitled, require_first_time
from policy.law.step import Step
from policy.project import body_of, refused
from policy.statements import Excepted, Probed


def probe(step: Step, body: Probed) -> None:
    _prober(step, body)
    require_first_time(bool(_signing(step, body)))


def probe_of_each(step: Step, body: Probed) -> None:
    """As `probe`, once an agency: who signs the same report has repeated it by its seed."""
    _prober(step, body)
    agencies = {step.project.roster.member(member).agency for member in _signing(step, body)}
    require_first_time(step.sender.agency in agencies)


def _signing(step: Step, body: Probed) -> list[str]:
    """Who has signed this report already."""
    digest, said = body.report.digest(), step.project.of(Probed)
    return [e.statement.sender for e in said if body_of(e, Probed).report.digest() == digest]


def _prober(step: Step, body: Probed) -> None:
    require_agreed(step.project)
    charter = step.project.charter
    require_entitled(step.sender.id in (*charter.party_ids, *charter.auditors), step.sender)
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
