"""Every party, and the linkage unit as processor, is bound by an agreement that is valid today."""

from policy.base.words import Words
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: RunCase) -> Answer:
    holding = [a for a in case.charter.agreements if a.valid_from <= case.day <= a.valid_until]
    covered = {member for each in holding for member in each.parties}
    outside = sorted(set(case.charter.party_ids) - covered)
    if outside:
        names = ", ".join(outside)
        return fails(
            f"Tanpa perjanjian yang berlaku hari ini: {names}.",
            f"Under no agreement that holds today: {names}.",
        )
    unit = case.charter.linkage_unit
    ordered = {m for each in holding if each.kind == "processing" for m in each.parties}
    if unit is None or unit.member not in ordered:
        return fails(
            "Unit pemadanan tidak memegang perintah pemrosesan yang berlaku.",
            "The linkage unit has no processing order that holds today.",
        )
    return holds("Semua pihak dan unit pemadanan terikat.", "All parties and the unit are bound.")


RULE = Rule(
    id="run.agreements",
    title=Words("Perjanjian berlaku", "The agreements hold"),
    citation="UU 27/2022 Ps. 18, 51, 52; Permendagri 102/2019",
    remedy=Words(
        "Perpanjang atau tambah perjanjiannya, lalu ubah piagam.",
        "Renew or add the agreement, then amend the charter.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
