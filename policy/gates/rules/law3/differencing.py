"""Compared with an earlier release, either nothing changed for a recipient or at least k rows did.

Since the third law this is asked of the lists of which a recipient sees something.
A recipient with an ID for every row, matched or not, learns nothing from two releases: none of its
rows looks different. Without this form a party that does not learn could never send another
edition of its list, since none of its new rows would count as matched.
"""

from dataclasses import replace

from policy.gates.rules import differencing
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer
from policy.project.canary_counts import seen_in


def judge(case: ReleaseCase) -> Answer:
    charter = case.run.charter
    seen = tuple(
        each
        for each in case.facts.differences
        if seen_in(charter, frozenset(each.recipient), each.dataset, each.domain)
    )
    facts = case.facts.model_copy(update={"differences": seen})
    return differencing.judge(replace(case, opened=facts))


RULE = replace(differencing.RULE, judge=judge)
