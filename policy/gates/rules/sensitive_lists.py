"""A list whose membership alone can hurt leaves only with two signatures of its owner's agency.

An approver and the owner's data protection officer named in the charter both say yes, in addition
to the agencies that every release needs.
"""

from policy.base.words import Words
from policy.charter import Charter
from policy.gates.rules.case import ApprovalFact, ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: ReleaseCase) -> Answer:
    charter = case.run.charter
    lacking = sorted(
        {
            dataset
            for domain in map(charter.domain, case.domains)
            for dataset in domain.datasets
            if charter.dataset(dataset).needs_double_approval
            and not _approved_twice(case, charter, charter.dataset(dataset).owner)
        }
    )
    if lacking:
        names = ", ".join(lacking)
        return fails(
            f"Belum disetujui penyetuju dan pejabat PDP pemiliknya: {names}.",
            f"Not yet approved by the owner's approver and DPO: {names}.",
        )
    return holds("Cukup, atau tidak ada.", "Enough, or there are none.")


def _approved_twice(case: ReleaseCase, charter: Charter, owner: str) -> bool:
    agency = case.run.roster.member(owner).agency
    officer = charter.party(owner).dpo
    valid = [each for each in case.approvals if each.approves and case.at <= each.expires]
    return any(each.member == officer for each in valid) and any(
        _is_approver_of(each, agency) for each in valid
    )


def _is_approver_of(approval: ApprovalFact, agency: str) -> bool:
    return approval.agency == agency and not approval.dpo


RULE = Rule(
    id="release.sensitive-lists",
    title=Words("Daftar peka disetujui dua orang pemiliknya", "Sensitive lists have two approvals"),
    citation="UU 27/2022 Ps. 4(2), 25, 26, 53",
    remedy=Words(
        "Penyetuju dan pejabat PDP pemilik daftar itu menyetujui.",
        "The approver and the data protection officer of the list's owner approve.",
    ),
    settled_by=SettledBy.APPROVALS,
    judge=judge,
)
