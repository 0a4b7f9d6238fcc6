"""No more runs than the charter allows, in one epoch and over all charters of two owners.

An order counts from the moment it is in the log, whatever happens to its run.
"""

from policy.base.words import Words
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy


def judge(case: RunCase) -> Answer:
    budget = case.charter.budget
    if case.orders > budget.runs:
        return _found(False, case.orders, budget.runs, ("periode kunci ini", "this epoch"))
    if budget.across_charters is not None and case.orders_elsewhere is not None:
        ordered = case.orders + case.orders_elsewhere
        where = ("semua piagam para pihak setahun ini", "all charters of the parties this year")
        return _found(ordered <= budget.across_charters, ordered, budget.across_charters, where)
    return _found(True, case.orders, budget.runs, ("periode kunci ini", "this epoch"))


def _found(passed: bool, ordered: int, allowed: int, where: tuple[str, str]) -> Answer:
    return Answer(
        passed,
        Words(
            f"Perintah ke-{ordered} dari {allowed} yang diizinkan pada {where[0]}.",
            f"Order {ordered} of {allowed} allowed in {where[1]}.",
        ),
    )


RULE = Rule(
    id="run.budget",
    title=Words("Kuota pemadanan cukup", "The run budget suffices"),
    citation="UU 27/2022 Ps. 16(2)",
    remedy=Words(
        "Tunggu periode kunci berikutnya, atau sepakati kuota lain dalam perubahan piagam.",
        "Wait for the next epoch, or agree on another budget by an amendment.",
    ),
    settled_by=SettledBy.WAITING,
    judge=judge,
    needs_log=True,
)
