"""No more runs than the charter allows in one epoch; refused ones count as well."""

from policy.rules.case import Finding, Rule, RunCase
from policy.words import Words

RULE = Rule(
    "run.budget",
    Words("Anggaran pemadanan cukup", "The run budget suffices"),
    "UU 27/2022 Ps. 16(2)",
)


def check(case: RunCase) -> Finding:
    allowed = case.charter.budget.runs
    reason = Words(
        f"Perintah ke-{case.orders} dari {allowed} yang diizinkan.",
        f"Order {case.orders} of {allowed} allowed.",
    )
    return Finding(RULE, case.orders <= allowed, reason)
