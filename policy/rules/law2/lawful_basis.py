"""As under the first law; a regulation that has ended is known in all its usual spellings."""

from policy.charter.regulations import has_ended
from policy.rules import lawful_basis
from policy.rules.case import Finding, RunCase

RULE = lawful_basis.RULE


def check(case: RunCase) -> Finding:
    return lawful_basis.judge(case, has_ended)
