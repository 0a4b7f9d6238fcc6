"""Every party has a walidata, and its walidata has someone who can say yes."""

from policy.apart import approving
from policy.rules.case import Finding, Rule, RunCase
from policy.words import Words

RULE = Rule(
    "run.walidata",
    Words("Setiap pihak mempunyai walidata", "Every party has a walidata"),
    "Perpres 39/2019 Ps. 14(2), 18-22",
)


def check(case: RunCase) -> Finding:
    charter, roster = case.charter, case.roster
    served = {party: charter.walidata_of(party) for party in charter.party_ids}
    without = sorted(party for party, walidata in served.items() if walidata is None)
    if without:
        names = ", ".join(without)
        return _failed(f"Belum ada walidata untuk: {names}.", f"No walidata is named for: {names}.")
    speaking = approving(charter, roster)
    silent = sorted(
        {each for each in served.values() if each and roster.member(each).agency not in speaking}
    )
    if silent:
        names = ", ".join(silent)
        return _failed(
            f"Roster tidak memuat penyetuju dari instansi walidata: {names}.",
            f"The roster has no approver of this walidata's agency: {names}.",
        )
    return Finding(
        RULE,
        True,
        Words(
            "Setiap pihak mempunyai walidata yang dapat menyetujui rilis.",
            "Every party has a walidata that can approve releases.",
        ),
    )


def _failed(indonesian: str, english: str) -> Finding:
    return Finding(RULE, False, Words(indonesian, english))
