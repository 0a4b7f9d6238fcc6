"""Whoever of the parties asks for a release, enough other agencies could approve it.

Only approvers whose yes would count are counted (`policy.apart`).
"""

from policy.apart import approving
from policy.rules.approvable import RULE as RULE
from policy.rules.approvable import finding
from policy.rules.case import Finding, RunCase


def check(case: RunCase) -> Finding:
    return finding(case, approving(case.charter, case.roster))
