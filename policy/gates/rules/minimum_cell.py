"""Every cell that a recipient can form has at least k rows: matched (by grade) and unmatched.

A release is refused as a whole: suppressing single rows would drop people from aid. The reason
names the domain and the dataset, never the count.
"""

from policy.base.words import Words
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: ReleaseCase) -> Answer:
    small = [
        f"{domain.id}/{dataset}"
        for domain in map(case.run.charter.domain, case.domains)
        for dataset in domain.learn
        if _too_small(case, domain.id, dataset)
    ]
    if small:
        names = ", ".join(small)
        return fails(
            f"Sel yang terlalu kecil (padan atau tidak padan): {names}.",
            f"Cells that are too small (matched or unmatched): {names}.",
        )
    minimum = case.run.charter.release.minimum_cell
    return holds(f"Semua sel memuat {minimum} atau lebih.", f"All cells hold {minimum} or more.")


def _too_small(case: ReleaseCase, domain: str, dataset: str) -> bool:
    terms = case.run.charter.release
    facts = case.facts.domains.get(domain)
    membership = facts.datasets.get(dataset) if facts else None
    if membership is None:
        return True
    cells = [membership.matched, membership.unmatched]
    if terms.grades:
        cells += [membership.matched - membership.verify, membership.verify]
    return any(
        count < terms.minimum_cell and not (count == 0 and terms.empty_cell_allowed)
        for count in cells
    )


RULE = Rule(
    id="release.minimum-cell",
    title=Words("Setiap sel cukup besar", "Every cell is large enough"),
    citation="UU 16/1997 Ps. 21; UU 27/2022 Ps. 35",
    remedy=Words(
        "Minta domain yang memuat lebih banyak orang; baris tidak dihapus satu per satu.",
        "Ask for a domain with more people; rows are not taken out one by one.",
    ),
    settled_by=SettledBy.REQUEST,
    judge=judge,
    needs_facts=True,
)
