"""The stage has not expired, and no other release was made since it was counted.

Cells and differences are counted when a release is staged, so they miss every later release.
"""

from policy.base.words import Words
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: ReleaseCase) -> Answer:
    if case.at > case.stage_expires:
        return fails("Tahapan rilis kedaluwarsa.", "The stage has expired; ask for a new one.")
    if case.released_since:
        return fails(
            "Ada rilis lain sejak tahapan ini; minta tahapan baru.",
            "Another release came since this stage; ask for a new one.",
        )
    return holds("Masih berlaku.", "Still valid.")


RULE = Rule(
    id="release.stage-fresh",
    title=Words("Tahapan rilis belum kedaluwarsa", "The stage has not expired"),
    citation="UU 27/2022 Ps. 16(2)",
    remedy=Words(
        "Minta rilis baru; tahapannya dihitung kembali.",
        "Ask for another release; its stage is counted again.",
    ),
    settled_by=SettledBy.REQUEST,
    judge=judge,
)
