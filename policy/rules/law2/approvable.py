"""Whoever of the parties asks for a release, enough other agencies could approve it.

Only approvers whose yes would count are counted (`policy.apart`).
"""

from policy.apart import hindrance
from policy.entitled import is_approver, is_officer
from policy.rules.approvable import RULE as RULE
from policy.rules.approvable import finding
from policy.rules.case import Finding, RunCase


def check(case: RunCase) -> Finding:
    charter, roster = case.charter, case.roster
    return finding(
        case,
        frozenset(
            member.agency
            for member in roster.members
            if is_approver(charter, roster, member)
            and not is_officer(charter, member)
            and hindrance(charter, roster, member) is None
        ),
    )
