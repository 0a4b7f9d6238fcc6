"""Advice on thresholds from counts of the field."""

from __future__ import annotations

import pytest

from policy.project.measured import Measured
from policy.project.next_charter import advice
from policy.statements.kinds.reviewed import Grade, ReviewStratum, SmallestCell
from tests.support.republic import charter_from, charter_tree

CELL = SmallestCell(5, empty_allowed=True)


def measured(grade: Grade, same: int, other: int, domain: str = "dtks-regsosek") -> Measured:
    stratum = ReviewStratum.of((domain, grade, None, None), 50, (same, other, 0), CELL)
    return Measured(stratum, stratum.precision(CELL))


@pytest.mark.parametrize(
    ("grade", "same", "other", "verdict"),
    [
        ("certain", 1000, 0, "keep"),
        ("certain", 100, 0, "check-more"),
        ("certain", 900, 100, "raise"),
        ("to-check", 1000, 0, "lower"),
        ("to-check", 100, 0, "keep"),
        ("to-check", 10, 90, "narrow"),
        ("any", 900, 100, "raise"),
    ],
)
def test_advice_waits_for_enough_answers(grade: Grade, same: int, other: int, verdict: str) -> None:
    tree = charter_tree()
    tree["matching"]["review_ppm"] = {"utama": 790_000}
    (told,) = advice(charter_from(tree), [measured(grade, same, other)])
    assert told.verdict == verdict
    assert told.thresholds_ppm == ({"utama": 790_000} if verdict == "lower" else {})
    assert told.sentence.id != told.sentence.en


def test_a_domain_that_the_charter_does_not_have_gets_no_advice() -> None:
    assert not advice(charter_from(charter_tree()), [measured("certain", 99, 0, "lain")])
