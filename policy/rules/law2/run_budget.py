"""As in the first law; and no agency orders more than its share of the runs.

So one party cannot use up what all of them may ask. Shares are agencies', whatever members of
theirs order: another name or a second member is no second share.
"""

from policy.rules import run_budget
from policy.rules.case import Finding, RunCase
from policy.words import Words

RULE = run_budget.RULE


def check(case: RunCase) -> Finding:
    agencies = {case.roster.member(party).agency for party in case.charter.party_ids}
    share = case.charter.budget.runs_of_one(len(agencies))
    if case.orders_own > share:
        return Finding(
            RULE,
            False,
            Words(
                f"Perintah ke-{case.orders_own} instansi ini; bagiannya {share}.",
                f"Order {case.orders_own} of this agency; its share is {share}.",
            ),
        )
    return run_budget.check(case)
