"""The purpose and at least one cited regulation are valid today.

As under the first law; a regulation that has ended is recognised in all its usual spellings.
"""

from dataclasses import replace

from policy.charter.regulations import has_ended
from policy.gates.rules import lawful_basis as first
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer


def judge(case: RunCase) -> Answer:
    return first.judge_by(case, has_ended)


RULE = replace(first.RULE, judge=judge)
