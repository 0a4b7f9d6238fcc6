"""Data leave only through a walidata: each owner's walidata requested or approved the release.

A data producer hands its data to the walidata of its agency, which checks them and makes them
available to others (Perpres 39/2019). This rule asks it for every party whose list the release's
domains join; the approval comes from an approver of the walidata's own agency. A data protection
officer's yes does not count as the walidata's.
"""

from policy.base.words import Words
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: ReleaseCase) -> Answer:
    charter, roster = case.run.charter, case.run.roster
    owners = {
        charter.dataset(dataset).owner
        for domain in map(charter.domain, case.domains)
        for dataset in domain.datasets
    }
    walidata = {charter.walidata_of(owner) for owner in owners}
    if None in walidata:
        return fails("Ada pihak tanpa walidata.", "There is a party without a walidata.")
    spoken = {case.requester_agency} | {
        each.agency
        for each in case.approvals
        if each.approves and not each.dpo and case.at <= each.expires
    }
    silent = sorted(
        each for each in walidata if each is not None and roster.member(each).agency not in spoken
    )
    if silent:
        names = ", ".join(silent)
        return fails(
            f"Walidata belum meminta atau menyetujui: {names}.",
            f"This walidata neither asked nor approved: {names}.",
        )
    return holds(
        "Walidata setiap pihak meminta atau menyetujui rilis ini.",
        "The walidata of every party asked for this release or approved it.",
    )


RULE = Rule(
    id="release.walidata",
    title=Words("Walidata yang merilis", "A walidata releases"),
    citation="Perpres 39/2019 Ps. 14(2), 18-22",
    remedy=Words(
        "Minta penyetuju dari instansi walidata itu menyetujui tahapan ini.",
        "Ask an approver of that walidata's agency to approve this stage.",
    ),
    settled_by=SettledBy.APPROVALS,
    judge=judge,
)
