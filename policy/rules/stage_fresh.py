"""The stage has not expired, and its counts know of every release made since.

Cells and differences are counted when a release is staged; one let out meanwhile is not in them.
"""

from policy.rules.case import Finding, ReleaseCase, Rule
from policy.words import Words

RULE = Rule(
    "release.stage-fresh",
    Words("Tahapan rilis belum kedaluwarsa", "The stage has not expired"),
    "UU 27/2022 Ps. 16(2)",
)


def check(case: ReleaseCase) -> Finding:
    if case.at > case.stage_expires:
        return Finding(
            RULE,
            False,
            Words("Tahapan rilis kedaluwarsa.", "The stage has expired; ask for a new one."),
        )
    if case.released_since:
        return Finding(
            RULE,
            False,
            Words(
                "Ada rilis lain sejak tahapan ini; minta tahapan baru.",
                "Another release came since this stage; ask for a new one.",
            ),
        )
    return Finding(RULE, True, Words("Masih berlaku.", "Still valid."))
