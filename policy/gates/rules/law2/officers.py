"""Every data protection officer named in the charter has that role in the roster.

Controllers and the processor each appoint one (UU PDP art. 53(1)), for any one of three reasons:
public service, monitoring on a large scale, and/or specific data on a large scale. Public service
is enough by itself since the Constitutional Court's decision 151/PUU-XXII/2024.
"""

from policy.base.words import Words
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: RunCase) -> Answer:
    charter = case.charter
    officers = {member.id: member for member in case.roster.with_role("dpo")}
    named = {party.dpo for party in charter.parties} - {None}
    unit = charter.linkage_unit
    own = unit.dpo if unit else None
    unknown = sorted(each for each in {*named, own} - {None} if each and each not in officers)
    if unknown:
        names = ", ".join(unknown)
        return fails(
            f"Bukan anggota roster yang berperan dpo: {names}.",
            f"No roster member of role dpo: {names}.",
        )
    if unit is None or own is None:
        return fails(
            "Unit pemadanan (prosesor) belum menunjuk pejabat PDP.",
            "The linkage unit (processor) has appointed no data protection officer.",
        )
    owners = {case.roster.member(party).agency for party in charter.party_ids}
    if own in named or officers[own].agency in owners:
        return fails(
            "Pejabat PDP unit pemadanan bukan dari instansi pemilik data.",
            "The linkage unit's officer is not of a data owner's agency.",
        )
    return holds(
        "Pengendali dan prosesor masing-masing menunjuk pejabat PDP.",
        "Controllers and processor have each appointed an officer.",
    )


RULE = Rule(
    id="run.officers",
    title=Words("Pejabat PDP ditunjuk", "Data protection officers are appointed"),
    citation="UU 27/2022 Ps. 53(1); Putusan MK 151/PUU-XXII/2024",
    remedy=Words(
        "Sebut di piagam, bagi setiap pihak dan bagi linkage_unit, anggota roster yang berperan"
        " dpo.",
        "Name in the charter, for each party and for linkage_unit, a roster member of role dpo.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
