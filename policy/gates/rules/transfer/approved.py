"""A person of the sender's agency, other than the requester, approves the transfer; nobody refuses.

A data protection officer's yes is not an approver's, and a system's key approves nothing.
"""

from policy.base.words import Words
from policy.gates.rules.case import TransferCase, TransferVoteFact
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds
from policy.members.separation import hindrance


def judge(case: TransferCase) -> Answer:
    refusing = sorted(each.member for each in case.votes if not each.approves)
    if refusing:
        names = ", ".join(refusing)
        return fails(f"Ditolak oleh: {names}.", f"Refused by: {names}.")
    agreeing = sorted(each.member for each in case.votes if _counts(case, each))
    if not agreeing:
        return fails(
            "Penyetuju dari instansi pengirim belum menyetujui.",
            "No approver of the sender's agency has approved yet.",
        )
    names = ", ".join(agreeing)
    return holds(f"Disetujui: {names}.", f"Approved: {names}.")


def _counts(case: TransferCase, vote: TransferVoteFact) -> bool:
    charter, roster = case.run.charter, case.run.roster
    member = roster.member(vote.member)
    return (
        not vote.officer
        and vote.member != case.requester
        and member.has("approver")
        and hindrance(charter, roster, member) is None
    )


RULE = Rule(
    id="transfer.approved",
    title=Words("Instansi pengirim menyetujui", "The sender's agency approves"),
    citation="UU 27/2022 Ps. 47; Perpres 39/2019 Ps. 18-22",
    remedy=Words(
        "Minta penyetuju instansi pengirim menjalankan 'padan-policy approve-attributes'.",
        "Ask an approver of the sender's agency to run 'padan-policy approve-attributes'.",
    ),
    settled_by=SettledBy.APPROVALS,
    judge=judge,
)
