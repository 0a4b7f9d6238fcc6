"""The charter contains everything that the duties require (`policy.charter.gaps`)."""

from policy.base.words import Words
from policy.charter.gaps import gaps
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: RunCase) -> Answer:
    missing = ", ".join(gap.field for gap in gaps(case.charter) if gap.blocking)
    if missing:
        return fails(f"Bagian yang belum diisi: {missing}.", f"Parts not filled in: {missing}.")
    return holds("Semua bagian terisi.", "Every part is filled in.")


RULE = Rule(
    id="run.charter-complete",
    title=Words("Piagam lengkap", "The charter is complete"),
    citation="UU 27/2022 Ps. 16, 18, 34, 51-53; Perpres 39/2019",
    remedy=Words(
        "Isi bagian yang kurang; 'padan-policy charter lint' menyebut kewajibannya.",
        "Fill in what is missing; 'padan-policy charter lint' names the duties.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
