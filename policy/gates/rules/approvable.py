"""Whichever party requests a release, enough other agencies can approve it."""

from policy.base.words import Words
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds
from policy.members.entitled import is_approver, is_officer


def judge(case: RunCase) -> Answer:
    charter, roster = case.charter, case.roster
    agencies = frozenset(
        member.agency
        for member in roster.members
        if is_approver(charter, roster, member) and not is_officer(charter, member)
    )
    return answer(case, agencies)


def answer(case: RunCase, agencies: frozenset[str]) -> Answer:
    """Whether these agencies are enough, not counting the agency of the requesting party."""
    charter, roster = case.charter, case.roster
    needed = charter.release.approvals
    stuck = sorted(
        party
        for party in charter.party_ids
        if len(agencies - {roster.member(party).agency}) < needed
    )
    if stuck:
        names = ", ".join(stuck)
        return fails(
            f"Tidak cukup instansi lain yang berpenyetuju untuk permintaan dari: {names}.",
            f"Too few other agencies have an approver for requests by: {names}.",
        )
    return holds("Cukup instansi berpenyetuju.", "Enough agencies have an approver.")


RULE = Rule(
    id="run.approvable",
    title=Words("Rilis dapat disetujui", "A release can be approved"),
    citation="UU 27/2022 Ps. 53-54; Perpres 39/2019",
    remedy=Words(
        "Tunjuk penyetuju di instansi lain lewat roster baru, atau kurangi jumlah persetujuan.",
        "Name approvers of other agencies in a new roster, or ask for fewer approvals.",
    ),
    settled_by=SettledBy.ROSTER,
    judge=judge,
)
