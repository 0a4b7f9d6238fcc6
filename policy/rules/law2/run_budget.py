"""No more runs than the charter allows; a run over rows that a delta changed costs more.

An order costs one run, and one more for each party whose delta came since the order before it:
by a delta, a party chooses whom the next run tells about. Withdrawals cost nothing, since they
are people's right and choose nobody new. An order counts from the moment it stands in the log,
whatever becomes of its run.
"""

from policy.rules import run_budget
from policy.rules.case import Finding, RunCase
from policy.words import Words

RULE = run_budget.RULE


def check(case: RunCase) -> Finding:
    allowed, spent = case.charter.budget.runs, case.orders + case.changes
    if not case.changes:
        return run_budget.check(case)
    if spent <= allowed:
        across = run_budget.check(case)
        if not across.passed:
            return across
    return Finding(
        RULE,
        spent <= allowed,
        Words(
            f"{case.orders} perintah dan {case.changes} perubahan sumber di antaranya:"
            f" {spent} dari {allowed} yang diizinkan pada zaman ini.",
            f"{case.orders} orders and {case.changes} changes of datasets between them:"
            f" {spent} of {allowed} allowed in this epoch.",
        ),
    )
