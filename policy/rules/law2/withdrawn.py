"""No row was withdrawn since the stage: people who objected are in no release.

What was withdrawn before, the stage has taken out; what comes after takes a new stage of the same
request, and no new run.
"""

from policy.rules import withdrawn
from policy.rules.case import Finding, ReleaseCase
from policy.words import Words

RULE = withdrawn.RULE


def check(case: ReleaseCase) -> Finding:
    if case.withdrawn:
        return Finding(
            RULE,
            False,
            Words(
                "Ada baris yang ditarik; koordinator menahapkan rilis ini sekali lagi.",
                "Rows were withdrawn; the coordinator stages this release once more.",
            ),
        )
    return withdrawn.check(case)
