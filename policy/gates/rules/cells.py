"""Every cell that a recipient can form by combining what it has received holds at least k rows.

Combining ID domains, or own datasets that share an ID or a NIK, splits a list into finer cells than
each membership alone. The cells are counted over everything released to a recipient in the epoch
and the current stage. Parties of one agency, and parties that the charter joins, count as one
recipient (`policy.project.recipients`). A release is refused as a whole. The reason names the
recipient and the dataset, never the count.
"""

from policy.base.words import Words
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: ReleaseCase) -> Answer:
    minimum = case.run.charter.release.minimum_cell
    # An empty cell has no rows and reveals nothing, so it is not listed.
    small = {
        f"{'+'.join(cell.recipient)}/{'+'.join(cell.lists or (cell.dataset,))}"
        for cell in case.facts.cells
        if 0 < cell.rows < minimum
    }
    if small:
        names = ", ".join(sorted(small))
        return fails(
            f"Gabungan hasil membentuk sel yang terlalu kecil: {names}. Minta lebih sedikit"
            " domain.",
            f"Combined results form cells that are too small: {names}. Ask for fewer domains.",
        )
    return holds(
        f"Menurut hitungan layanan, tiap sel gabungan memuat {minimum} baris atau lebih.",
        f"By the service's counts, each combined cell holds {minimum} rows or more.",
    )


RULE = Rule(
    id="release.cells",
    title=Words("Setiap sel gabungan cukup besar", "Every combined cell is large enough"),
    citation="UU 16/1997 Ps. 21; UU 27/2022 Ps. 35",
    remedy=Words("Minta lebih sedikit domain sekaligus.", "Ask for fewer domains at a time."),
    settled_by=SettledBy.REQUEST,
    judge=judge,
    needs_facts=True,
)
