"""Between two staged runs, a party changed either no rows or at least k rows.

A party that adds or removes a few rows reads the difference of two stages as an answer about them.
The counts are in the log, so that everyone can judge this rule. It is asked before a stage, since
approvers read the counts of a stage, and again at the decision.
"""

from collections.abc import Iterable

from policy.base.words import Words
from policy.gates.rules.case import ChangedFact, ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def too_few(changed: Iterable[ChangedFact], minimum: int) -> list[str]:
    """The datasets in which fewer than `minimum` rows came or went, each with the earlier run."""
    return sorted(
        f"{each.dataset} - {each.earlier}"
        for each in changed
        if any(0 < rows < minimum for rows in (each.added, each.gone))
    )


def judge(case: ReleaseCase) -> Answer:
    minimum = case.run.charter.release.minimum_cell
    few = too_few(case.changed, minimum)
    if few:
        names = ", ".join(few)
        return fails(
            f"Terlalu sedikit baris berubah sejak pemadanan yang sudah ditahapkan: {names}.",
            f"Too few rows changed since a run that was staged before: {names}.",
        )
    return holds(
        f"Tidak ada yang berubah, atau {minimum} baris atau lebih.",
        f"Nothing changed, or {minimum} rows and more did.",
    )


RULE = Rule(
    id="release.changed-rows",
    title=Words("Baris yang berubah cukup banyak", "Enough rows changed between runs"),
    citation="UU 16/1997 Ps. 21; UU 27/2022 Ps. 35",
    remedy=Words(
        "Tunggu sampai lebih banyak baris berubah, lalu perintahkan pemadanan baru.",
        "Wait until more rows have changed, then order another run.",
    ),
    settled_by=SettledBy.WAITING,
    judge=judge,
)
