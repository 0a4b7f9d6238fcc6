"""A data protection impact assessment holds today, and covers the charter as it is now.

Everything but dates and contacts is covered, by a digest: whoever changes what is learned, how
small a cell may be, thresholds, retention, witnesses or purpose has it assessed again.
"""

from policy.rules import dpia
from policy.rules.case import Finding, RunCase
from policy.words import Words

RULE = dpia.RULE


def check(case: RunCase) -> Finding:
    first = dpia.check(case)
    scope = case.charter.dpia.scope
    if not first.passed or scope is None or scope.charter == case.charter.assessed_digest():
        return first
    reference = case.charter.dpia.reference
    return Finding(
        RULE,
        False,
        Words(
            f"DPIA {reference} menilai piagam yang lain daripada piagam ini; nilai kembali, lalu"
            " isi dpia.scope.charter.",
            f"The DPIA {reference} assessed another charter than this one; assess again, then"
            " fill in dpia.scope.charter.",
        ),
    )
