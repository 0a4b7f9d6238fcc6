"""A data protection impact assessment is valid today and covers the charter as it is now.

A digest covers everything except dates and contacts. A party that changes what is learned, the
smallest cell, thresholds, retention, witnesses or purpose has the charter assessed again.
"""

from dataclasses import replace

from policy.gates.rules import dpia as first
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, fails


def judge(case: RunCase) -> Answer:
    by_dates = first.judge(case)
    scope = case.charter.dpia.scope
    if not by_dates.passed or scope is None or scope.charter == case.charter.assessed_digest():
        return by_dates
    reference = case.charter.dpia.reference
    return fails(
        f"DPIA {reference} menilai piagam yang lain daripada piagam ini; nilai kembali, lalu"
        " isi dpia.scope.charter.",
        f"The DPIA {reference} assessed another charter than this one; assess again, then"
        " fill in dpia.scope.charter.",
    )


RULE = replace(first.RULE, judge=judge)
