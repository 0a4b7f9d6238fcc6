"""The charter says all that the duties ask for (`policy.charter.gaps`)."""

from policy.charter.gaps import gaps
from policy.rules.case import Finding, Rule, RunCase
from policy.words import Words

RULE = Rule(
    "run.charter-complete",
    Words("Piagam lengkap", "The charter is complete"),
    "UU 27/2022 Ps. 16, 18, 34, 51-53; Perpres 39/2019",
)


def check(case: RunCase) -> Finding:
    missing = ", ".join(gap.field for gap in gaps(case.charter) if gap.blocking)
    if missing:
        return Finding(
            RULE,
            False,
            Words(f"Bagian yang belum diisi: {missing}.", f"Parts not filled in: {missing}."),
        )
    return Finding(RULE, True, Words("Semua bagian terisi.", "Every part is filled in."))
