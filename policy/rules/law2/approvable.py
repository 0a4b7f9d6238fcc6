"""Whichever party asks for a release, enough other agencies can approve it with a yes that counts.

Only approvers whose yes would count are counted (`policy.apart`).
"""

from dataclasses import replace

from policy.apart import approving
from policy.rules import approvable as first
from policy.rules.case import RunCase
from policy.rules.rule import Answer


def judge(case: RunCase) -> Answer:
    return first.answer(case, approving(case.charter, case.roster))


RULE = replace(first.RULE, judge=judge)
