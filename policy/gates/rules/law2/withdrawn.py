"""No row was withdrawn since the stage: people who objected are in no release.

The stage leaves out rows that were withdrawn before it. A later withdrawal needs a new stage of the
same request, but no new run.
"""

from dataclasses import replace

from policy.base.words import Words
from policy.gates.rules import withdrawn as first
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, SettledBy, fails


def judge(case: ReleaseCase) -> Answer:
    if case.withdrawn:
        return fails(
            "Ada baris yang ditarik; koordinator menahapkan rilis ini sekali lagi.",
            "Rows were withdrawn; the coordinator stages this release once more.",
        )
    return first.judge(case)


RULE = replace(
    first.RULE,
    remedy=Words(
        "Koordinator menahapkan rilis ini sekali lagi, tanpa baris yang ditarik.",
        "The coordinator stages this release again, without the withdrawn rows.",
    ),
    settled_by=SettledBy.STAGE,
    judge=judge,
)
