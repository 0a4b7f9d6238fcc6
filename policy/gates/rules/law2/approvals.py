"""Enough agencies other than the requester's approve, and nobody refuses.

The requester's agency does not count, nor anyone who runs or audits the service, nor a system's
key (`policy.members.separation`). A data protection officer supervises the approvers and is not one
of them.
"""

from dataclasses import replace

from policy.base.words import Words
from policy.gates.rules import approvals as first
from policy.gates.rules.case import ApprovalFact, ReleaseCase
from policy.gates.rules.rule import Answer, fails
from policy.members.separation import hindrance


def judge(case: ReleaseCase) -> Answer:
    approvals = [a for a in case.approvals if not a.dpo]
    refusing = sorted(a.member for a in approvals if not a.approves)
    if refusing:
        names = ", ".join(refusing)
        return fails(f"Ditolak oleh: {names}.", f"Refused by: {names}.")
    apart = [a for a in approvals if _counts(case, a)]
    counting = {a.agency for a in apart if case.at <= a.expires}
    needed = case.run.charter.release.approvals
    left_out = sorted({a.member for a in approvals} - {a.member for a in apart})
    names = ", ".join(left_out)
    note_id = f"; tidak dihitung: {names}" if left_out else ""
    note_en = f"; not counted: {names}" if left_out else ""
    said = "1 other agency" if len(counting) == 1 else f"{len(counting)} other agencies"
    return Answer(
        len(counting) >= needed,
        Words(
            f"{len(counting)} instansi lain menyetujui (perlu {needed}){note_id}.",
            f"{said} approved ({needed} needed){note_en}.",
        ),
    )


def _counts(case: ReleaseCase, approval: ApprovalFact) -> bool:
    member = case.run.roster.member(approval.member)
    return approval.agency != case.requester_agency and (
        hindrance(case.run.charter, case.run.roster, member) is None
    )


RULE = replace(first.RULE, judge=judge)
