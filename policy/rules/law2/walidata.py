"""Data leave through a walidata alone: that of each owner concerned asked, or said yes.

A data producer hands its data to the walidata of its agency, which checks them and makes them
available to others (Perpres 39/2019). Of every party whose list the release's domains join, the
walidata therefore asked for the release or approved it, by an approver of its own agency. A data
protection officer's yes is none of a walidata.
"""

from policy.rules.case import Finding, ReleaseCase, Rule
from policy.words import Words

RULE = Rule(
    "release.walidata",
    Words("Walidata yang merilis", "A walidata releases"),
    "Perpres 39/2019 Ps. 14(2), 18-22",
)


def check(case: ReleaseCase) -> Finding:
    charter, roster = case.run.charter, case.run.roster
    owners = {
        charter.dataset(dataset).owner
        for domain in map(charter.domain, case.domains)
        for dataset in domain.datasets
    }
    walidata = {charter.walidata_of(owner) for owner in owners}
    if None in walidata:
        return Finding(
            RULE,
            False,
            Words("Ada pihak tanpa walidata.", "There is a party without a walidata."),
        )
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
        return Finding(
            RULE,
            False,
            Words(
                f"Walidata belum meminta atau menyetujui: {names}.",
                f"This walidata neither asked nor approved: {names}.",
            ),
        )
    return Finding(
        RULE,
        True,
        Words(
            "Walidata setiap pihak meminta atau menyetujui rilis ini.",
            "The walidata of every party asked for this release or approved it.",
        ),
    )
