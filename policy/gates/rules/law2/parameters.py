"""The order lies within the charter, and all runs of an epoch have the same thresholds.

Two runs with different thresholds reveal who lies in the band between them. Such runs are allowed
only if the charter says so (`matching.vary_thresholds`). The band is then a cell, because every
released run counts (`release.cells`).
"""

from dataclasses import replace

from policy.gates.rules import parameters as first
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, fails


def judge(case: RunCase) -> Answer:
    within = first.judge(case)
    if not within.passed or case.charter.matching.vary_thresholds or case.thresholds_ppm is None:
        return within
    ordered = (dict(case.thresholds_ppm), case.nik_floor_ppm)
    if all(ordered == (dict(ppm), floor) for ppm, floor in case.earlier_thresholds):
        return within
    return fails(
        "Ambangnya lain daripada pemadanan terdahulu pada zaman ini; piagam tidak"
        " mengizinkannya (matching.vary_thresholds).",
        "Its thresholds differ from an earlier run of this epoch; the charter does not allow"
        " that (matching.vary_thresholds).",
    )


RULE = replace(first.RULE, judge=judge)
