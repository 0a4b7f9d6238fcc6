"""Probe reports and exceptions: who may add them, and who may end an exception."""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.charter import Charter
from policy.gates.rules.case import day_of
from policy.law.conditions import require_agreed, require_entitled, require_first_time
from policy.law.step import Step
from policy.members.roster import Member
from policy.members.separation import in_line_with, operating
from policy.project import refused
from policy.statements import Excepted, ExceptionEnded, Probed


def probe(step: Step, body: Probed) -> None:
    """Judges a probe report by a party or an auditor; once, and on the charter's encodings."""
    _prober(step, body)
    require_first_time(bool(_signing(step, body)))


def probe_of_each(step: Step, body: Probed) -> None:
    """As `probe`, once for each agency: signing a report means having repeated it by its seed."""
    _prober(step, body)
    agencies = {step.project.roster.member(member).agency for member in _signing(step, body)}
    require_first_time(step.sender.agency in agencies)


def _signing(step: Step, body: Probed) -> list[str]:
    """The members that have signed this report."""
    digest, said = body.report.digest(), step.project.of(Probed)
    return [e.statement.sender for e in said if e.body.report.digest() == digest]


def _prober(step: Step, body: Probed) -> None:
    require_agreed(step.project)
    charter = step.project.charter
    require_entitled(step.sender.id in (*charter.party_ids, *charter.auditors), step.sender)
    if body.report.encoding != charter.encoding_digest():
        raise refused(
            PolicyCode.PROJECT_PROBE,
            "Laporan uji ini tentang penyandian lain daripada penyandian piagam.",
            "This probe report is about other encodings than the charter's.",
        )


def exception(step: Step, _: Excepted) -> None:
    """Judges an exception: by a data protection officer named in the charter, once it is agreed."""
    require_agreed(step.project)
    require_entitled(_is_officer(step.project.charter, step.sender), step.sender)


def exception_for_a_year(step: Step, body: Excepted) -> None:
    """As `exception`; for at most a year, and not from an agency that gains by it.

    The agency that runs the service gains by every exception: it sees what the rule would hide.
    """
    exception(step, body)
    roster = step.project.roster
    gaining = operating(step.project.charter, roster)
    if body.rule == "run.separation":
        gaining |= frozenset(body.about)
    if in_line_with(roster, step.sender.agency, gaining):
        raise refused(
            PolicyCode.PROJECT_EXCEPTION_OWN,
            "Pengecualian ditandatangani pejabat PDP dari instansi yang tidak diuntungkan olehnya.",
            "An exception is signed by a data protection officer of an agency that does not gain"
            " by it.",
        )
    first = day_of(body.at)
    if (body.until.year, body.until.month, body.until.day) > (
        first.year + 1,
        first.month,
        first.day,
    ):
        raise refused(
            PolicyCode.PROJECT_EXCEPTION_LONG,
            "Pengecualian berlaku paling lama satu tahun; setelah itu ditandatangani lagi.",
            "An exception holds for a year at most; after that it is signed again.",
        )


def exception_ended(step: Step, body: ExceptionEnded) -> None:
    """Any data protection officer named in the charter may end another's exception."""
    require_entitled(_is_officer(step.project.charter, step.sender), step.sender)
    step.project.entry(body.exception, Excepted)
    ended = {entry.body.exception for entry in step.project.of(ExceptionEnded)}
    require_first_time(body.exception in ended)


def _is_officer(charter: Charter, member: Member) -> bool:
    return member.has("dpo") and member.id in {party.dpo for party in charter.parties}
