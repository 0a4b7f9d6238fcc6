"""The purpose and at least one cited regulation are valid today."""

from policy.charter import Citation
from policy.charter.regulations import has_ended
from policy.rules.case import Finding, Rule, RunCase
from policy.words import Words

RULE = Rule(
    "run.lawful-basis",
    Words("Tujuan dan dasar hukum berlaku", "Purpose and lawful basis are valid"),
    "UU 27/2022 Ps. 16(2), 20(2)",
)


def check(case: RunCase) -> Finding:
    purpose = case.charter.purpose
    if not purpose.valid_from <= case.day <= purpose.valid_until:
        return Finding(
            RULE,
            False,
            Words(
                f"Tujuan berlaku {purpose.valid_from} sampai {purpose.valid_until}.",
                f"The purpose is valid from {purpose.valid_from} to {purpose.valid_until}.",
            ),
        )
    expired = [c.text for c in case.charter.lawful_basis.citations if has_ended(c.text, case.day)]
    if expired:
        names = ", ".join(expired)
        return Finding(
            RULE,
            False,
            Words(f"Sudah tidak berlaku: {names}.", f"No longer in force: {names}."),
        )
    if not any(_carries(citation, case) for citation in case.charter.lawful_basis.citations):
        return Finding(
            RULE,
            False,
            Words(
                "Tidak satu pun dasar hukum yang disebut masih berlaku.",
                "None of the regulations cited is valid today.",
            ),
        )
    return Finding(
        RULE, True, Words("Tujuan dan dasar hukum berlaku.", "Purpose and basis are valid.")
    )


def _carries(citation: Citation, case: RunCase) -> bool:
    starts = citation.valid_from is None or citation.valid_from <= case.day
    ends = citation.valid_until is None or case.day <= citation.valid_until
    return starts and ends
