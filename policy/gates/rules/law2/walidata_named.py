"""Every party has a walidata whose agency has an approver."""

from policy.base.words import Words
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds
from policy.members.separation import approving


def judge(case: RunCase) -> Answer:
    charter, roster = case.charter, case.roster
    served = {party: charter.walidata_of(party) for party in charter.party_ids}
    without = sorted(party for party, walidata in served.items() if walidata is None)
    if without:
        names = ", ".join(without)
        return fails(f"Belum ada walidata untuk: {names}.", f"No walidata is named for: {names}.")
    speaking = approving(charter, roster)
    silent = sorted(
        {each for each in served.values() if each and roster.member(each).agency not in speaking}
    )
    if silent:
        names = ", ".join(silent)
        return fails(
            f"Roster tidak memuat penyetuju dari instansi walidata: {names}.",
            f"The roster has no approver of this walidata's agency: {names}.",
        )
    return holds(
        "Setiap pihak mempunyai walidata yang dapat menyetujui rilis.",
        "Every party has a walidata that can approve releases.",
    )


RULE = Rule(
    id="run.walidata",
    title=Words("Setiap pihak mempunyai walidata", "Every party has a walidata"),
    citation="Perpres 39/2019 Ps. 14(2), 18-22",
    remedy=Words(
        "Sebut walidata setiap pihak di piagam, dan masukkan penyetuju instansinya ke roster.",
        "Name each party's walidata in the charter, with an approver of its agency in the roster.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
