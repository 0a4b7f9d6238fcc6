"""All parties signed the charter, and today lies within its validity."""

from policy.rules.case import Finding, Rule, RunCase
from policy.words import Words

RULE = Rule(
    "run.charter-in-force",
    Words("Piagam berlaku", "The charter is in force"),
    "UU 27/2022 Ps. 18, 51; Perpres 39/2019",
)


def check(case: RunCase) -> Finding:
    missing = sorted(set(case.charter.party_ids) - case.signed_by)
    if missing:
        names = ", ".join(missing)
        return Finding(
            RULE,
            False,
            Words(f"Belum ditandatangani oleh: {names}.", f"Not yet signed by: {names}."),
        )
    if not case.charter.valid_from <= case.day <= case.charter.valid_until:
        return Finding(
            RULE,
            False,
            Words(
                f"Piagam berlaku {case.charter.valid_from} sampai {case.charter.valid_until}.",
                f"The charter is valid from {case.charter.valid_from}"
                f" to {case.charter.valid_until}.",
            ),
        )
    return Finding(
        RULE,
        True,
        Words("Ditandatangani semua pihak dan masih berlaku.", "Signed by all and still valid."),
    )
