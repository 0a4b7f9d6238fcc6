"""Every party, and the linkage unit as processor, stands under an agreement that holds today."""

from policy.rules.case import Finding, Rule, RunCase
from policy.words import Words

RULE = Rule(
    "run.agreements",
    Words("Perjanjian berlaku", "The agreements hold"),
    "UU 27/2022 Ps. 18, 51, 52; Permendagri 102/2019",
)


def check(case: RunCase) -> Finding:
    holding = [a for a in case.charter.agreements if a.valid_from <= case.day <= a.valid_until]
    covered = {member for each in holding for member in each.parties}
    outside = sorted(set(case.charter.party_ids) - covered)
    if outside:
        names = ", ".join(outside)
        return Finding(
            RULE,
            False,
            Words(
                f"Tanpa perjanjian yang berlaku hari ini: {names}.",
                f"Under no agreement that holds today: {names}.",
            ),
        )
    unit = case.charter.linkage_unit
    ordered = {m for each in holding if each.kind == "processing" for m in each.parties}
    if unit is None or unit.member not in ordered:
        return Finding(
            RULE,
            False,
            Words(
                "Unit pemadanan tidak memegang perintah pemrosesan yang berlaku.",
                "The linkage unit has no processing order that holds today.",
            ),
        )
    return Finding(
        RULE,
        True,
        Words("Semua pihak dan unit pemadanan terikat.", "All parties and the unit are bound."),
    )
