"""The agencies that run the service own no data, approve nothing, and are not the auditor's.

As under the first law, but related agencies count as one: a unit and its superior, or two units
under a common superior (`Roster.akin`). An agency that can give orders to both can get the
encodings and an owner's key. The auditor's agency is neither superior nor subordinate to the
audited agencies.
"""

from dataclasses import replace

from policy.gates.rules import separation as first
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, fails, holds
from policy.members.separation import akin_to, auditing, in_line_with, operating, owning


def judge(case: RunCase) -> Answer:
    fault = first.unit_at_fault(case)
    if fault is not None:
        return fault
    charter, roster = case.charter, case.roster
    looked_into = operating(charter, roster) | owning(charter, roster)
    if any(in_line_with(roster, each, looked_into) for each in auditing(charter, roster)):
        return fails(
            "Auditor harus dari instansi yang bukan pemilik data, pengelola layanan, atasan, atau"
            " unitnya.",
            "The auditor is of an agency that neither owns data nor runs the service, and is no"
            " superior or unit of one that does.",
        )
    both = overlap(case)
    names = ", ".join(both)
    if both and not case.excepted(RULE.id, both):
        return fails(
            f"Pengelola layanan sama, segaris, atau seatasan dengan pemilik data: {names}; perlu"
            " pengecualian pejabat PDP instansi lain.",
            f"The service's operators are, or answer to the same as, data owners: {names}; the DPO"
            " of another agency must sign an exception.",
        )
    if both:
        return holds(
            f"Dikecualikan oleh pejabat PDP instansi lain: {names}.",
            f"Let pass by a data protection officer of another agency: {names}.",
        )
    return holds(
        "Layanan, pemilik data, dan auditor tidak segaris dan tidak seatasan.",
        "Service, data owners and auditor share neither agency nor superior.",
    )


def overlap(case: RunCase) -> tuple[str, ...]:
    """Agencies that own data and are related to an agency that runs the service."""
    operators = operating(case.charter, case.roster)
    owners = owning(case.charter, case.roster)
    return tuple(sorted(each for each in owners if akin_to(case.roster, each, operators)))


RULE = replace(first.RULE, judge=judge, excepts=overlap)
