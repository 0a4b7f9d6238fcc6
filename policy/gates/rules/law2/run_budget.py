"""No more runs than the charter allows, and no agency more than its share; changed rows cost more.

As in the first law, but one party cannot use up the budget of all. Shares belong to agencies: a
second name or a second member of an agency does not get a second share.

An order costs one run, plus one for each party whose delta came since the previous order: with a
delta, a party chooses the people that the next run tells about. Withdrawals cost nothing, because
they are people's right and select nobody new.
"""

from dataclasses import replace

from policy.base.words import Words
from policy.gates.rules import run_budget as first
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, fails


def judge(case: RunCase) -> Answer:
    agencies = {case.roster.member(party).agency for party in case.charter.party_ids}
    share = case.charter.budget.runs_of_one(len(agencies))
    if case.orders_own > share:
        return fails(
            f"Perintah ke-{case.orders_own} instansi ini; bagiannya {share}.",
            f"Order {case.orders_own} of this agency; its share is {share}.",
        )
    by_number = first.judge(case)
    if not case.changes or not by_number.passed:
        return by_number
    allowed, spent = case.charter.budget.runs, case.orders + case.changes
    return Answer(
        spent <= allowed,
        Words(
            f"{case.orders} perintah dan {case.changes} perubahan sumber di antaranya:"
            f" {spent} dari {allowed} yang diizinkan pada periode kunci ini.",
            f"{case.orders} orders and {case.changes} changes of datasets between them:"
            f" {spent} of {allowed} allowed in this epoch.",
        ),
    )


RULE = replace(first.RULE, judge=judge)
