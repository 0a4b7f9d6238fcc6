"""No row was withdrawn since the run: people who objected are in no release."""

from policy.rules.case import Finding, ReleaseCase, Rule
from policy.words import Words

RULE = Rule(
    "release.withdrawn",
    Words("Tidak ada baris yang ditarik sejak pemadanan", "No row was withdrawn since the run"),
    "UU 27/2022 Ps. 10, 41; Ps. 40 (persetujuan)",
)


def check(case: ReleaseCase) -> Finding:
    if case.withdrawn:
        return Finding(
            RULE,
            False,
            Words(
                "Ada baris yang ditarik; perintahkan pemadanan baru.",
                "Rows were withdrawn; order a new run.",
            ),
        )
    return Finding(RULE, True, Words("Tidak ada.", "None was."))
