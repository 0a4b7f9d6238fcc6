"""What was executed is what was ordered."""

from policy.rules.case import Finding, ReleaseCase, Rule
from policy.words import Words

RULE = Rule(
    "release.executed",
    Words("Dijalankan sesuai perintah", "Executed as ordered"),
    "UU 27/2022 Ps. 51, 52",
)


def check(case: ReleaseCase) -> Finding:
    run = case.run
    same = (case.executed_thresholds_ppm, case.executed_nik_floor_ppm) == (
        run.thresholds_ppm,
        run.nik_floor_ppm,
    ) and set(case.domains) <= set(run.domains)
    if not same:
        return Finding(
            RULE,
            False,
            Words(
                "Ambang atau domainnya berbeda dari perintah.",
                "Thresholds or domains differ from the order.",
            ),
        )
    return Finding(RULE, True, Words("Sama dengan perintah.", "The same as ordered."))
