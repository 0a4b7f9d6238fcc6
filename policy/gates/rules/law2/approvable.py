"""Whichever party requests a release, enough other agencies can approve it with a yes that counts.

Only approvers whose yes would count are counted (`policy.members.separation`).
"""

from dataclasses import replace

from policy.gates.rules import approvable as first
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer
from policy.members.separation import approving


def judge(case: RunCase) -> Answer:
    return first.answer(case, approving(case.charter, case.roster))


RULE = replace(first.RULE, judge=judge)
