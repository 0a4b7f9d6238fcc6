"""Whoever of the parties asks for a release, enough other agencies could approve it."""

from policy.entitled import is_approver, is_officer
from policy.rules.case import Finding, Rule, RunCase
from policy.words import Words

RULE = Rule(
    "run.approvable",
    Words("Rilis dapat disetujui", "A release can be approved"),
    "UU 27/2022 Ps. 53-54; Perpres 39/2019",
)


def check(case: RunCase) -> Finding:
    charter, roster = case.charter, case.roster
    agencies = frozenset(
        member.agency
        for member in roster.members
        if is_approver(charter, roster, member) and not is_officer(charter, member)
    )
    return finding(case, agencies)


def finding(case: RunCase, agencies: frozenset[str]) -> Finding:
    """Whether these agencies are enough, without that of whichever party asks."""
    charter, roster = case.charter, case.roster
    needed = charter.release.approvals
    stuck = sorted(
        party
        for party in charter.party_ids
        if len(agencies - {roster.member(party).agency}) < needed
    )
    if stuck:
        names = ", ".join(stuck)
        return Finding(
            RULE,
            False,
            Words(
                f"Tidak cukup instansi lain yang berpenyetuju untuk permintaan dari: {names}.",
                f"Too few other agencies have an approver for requests by: {names}.",
            ),
        )
    return Finding(
        RULE,
        True,
        Words("Cukup instansi berpenyetuju.", "Enough agencies have an approver."),
    )
