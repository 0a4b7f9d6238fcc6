"""Every cell that a recipient can form holds at least k rows: matched (by grade) and unmatched.

A release is refused whole: suppressing single rows would drop people from aid.
The reason names domain and dataset, never the count.
"""

from policy.rules.case import Finding, ReleaseCase, Rule
from policy.words import Words

RULE = Rule(
    "release.minimum-cell",
    Words("Setiap sel cukup besar", "Every cell is large enough"),
    "UU 16/1997 Ps. 21; UU 27/2022 Ps. 35",
    needs_facts=True,
)


def check(case: ReleaseCase) -> Finding:
    small = [
        f"{domain.id}/{dataset}"
        for domain in map(case.run.charter.domain, case.domains)
        for dataset in domain.learn
        if _too_small(case, domain.id, dataset)
    ]
    if small:
        names = ", ".join(small)
        return Finding(
            RULE,
            False,
            Words(
                f"Sel yang terlalu kecil (padan atau tidak padan): {names}.",
                f"Cells that are too small (matched or unmatched): {names}.",
            ),
        )
    minimum = case.run.charter.release.minimum_cell
    return Finding(
        RULE,
        True,
        Words(f"Semua sel memuat {minimum} atau lebih.", f"All cells hold {minimum} or more."),
    )


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
