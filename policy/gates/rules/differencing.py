"""Compared with an earlier release, either nothing changed for a recipient or at least k rows did.

Two releases that differ in a few rows reveal the people of those rows. Rows that the recipient
added since the earlier release form a cell of their own.
"""

from policy.base.words import Words
from policy.gates.facts import DifferenceFacts
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: ReleaseCase) -> Answer:
    small = sorted(
        {
            f"{each.domain}/{each.dataset} - {each.earlier}"
            for each in case.facts.differences
            if _tells_of_few(case, each)
        }
    )
    if small:
        names = ", ".join(small)
        return fails(
            f"Selisihnya menunjuk pada terlalu sedikit orang: {names}.",
            f"The difference points at too few people: {names}.",
        )
    return holds(
        "Tidak ada selisih yang menunjuk pada sedikit orang.", "No difference points at few people."
    )


def _tells_of_few(case: ReleaseCase, each: DifferenceFacts) -> bool:
    terms = case.run.charter.release
    if any(0 < count < terms.minimum_cell for count in (each.gained, each.lost)):
        return True
    added = (each.added_matched, each.added_unmatched)
    return any(added) and any(
        count < terms.minimum_cell and not (count == 0 and terms.empty_cell_allowed)
        for count in added
    )


RULE = Rule(
    id="release.differencing",
    title=Words(
        "Selisih dengan rilis terdahulu cukup besar", "Differences to earlier releases hold"
    ),
    citation="UU 16/1997 Ps. 21; UU 27/2022 Ps. 35",
    remedy=Words(
        "Tunggu sampai lebih banyak baris berubah, lalu perintahkan pemadanan baru.",
        "Wait until more rows have changed, then order another run.",
    ),
    settled_by=SettledBy.WAITING,
    judge=judge,
    needs_facts=True,
)
