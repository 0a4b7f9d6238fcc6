"""A data protection impact assessment is referenced and has not run out."""

from policy.rules.case import Finding, Rule, RunCase
from policy.words import Words

RULE = Rule(
    "run.dpia",
    Words("Penilaian dampak (DPIA) berlaku", "The impact assessment (DPIA) is valid"),
    "UU 27/2022 Ps. 34",
)


def check(case: RunCase) -> Finding:
    dpia = case.charter.dpia
    if case.day > dpia.valid_until:
        return Finding(
            RULE,
            False,
            Words(
                f"DPIA {dpia.reference} berakhir {dpia.valid_until}.",
                f"The DPIA {dpia.reference} ended on {dpia.valid_until}.",
            ),
        )
    return Finding(
        RULE,
        True,
        Words(
            f"DPIA {dpia.reference} berlaku sampai {dpia.valid_until}.",
            f"The DPIA {dpia.reference} is valid until {dpia.valid_until}.",
        ),
    )
