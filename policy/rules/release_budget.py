"""No more releases than the charter allows in one epoch; refused ones count as well."""

from policy.rules.case import Finding, ReleaseCase, Rule
from policy.words import Words

RULE = Rule(
    "release.budget",
    Words("Anggaran rilis cukup", "The release budget suffices"),
    "UU 27/2022 Ps. 16(2)",
)


def check(case: ReleaseCase) -> Finding:
    allowed = case.run.charter.budget.releases
    reason = Words(
        f"Permintaan ke-{case.requests} dari {allowed} yang diizinkan.",
        f"Request {case.requests} of {allowed} allowed.",
    )
    return Finding(RULE, case.requests <= allowed, reason)
