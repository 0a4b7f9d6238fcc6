"""No second operator who repeated the run came to another result."""

from policy.rules.case import Finding, ReleaseCase, Rule
from policy.words import Words

RULE = Rule(
    "release.rerun",
    Words("Tidak ada hasil ulangan yang berbeda", "No repeated run came to another result"),
    "UU 27/2022 Ps. 51, 52; Perpres 95/2018 Ps. 58",
)


def check(case: ReleaseCase) -> Finding:
    if case.rerun_differing:
        names = ", ".join(case.rerun_differing)
        return Finding(
            RULE,
            False,
            Words(
                f"Mengulang pemadanan dan mendapat hasil lain: {names}.",
                f"Repeated the run and came to another result: {names}.",
            ),
        )
    return Finding(RULE, True, Words("Tidak ada.", "None did."))
