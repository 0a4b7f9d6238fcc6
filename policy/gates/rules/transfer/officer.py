"""The sender's data protection officer agrees; not saying no is not enough."""

from policy.base.words import Words
from policy.gates.rules.case import TransferCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: TransferCase) -> Answer:
    words = [each for each in case.votes if each.officer]
    if any(not each.approves for each in words):
        return fails("Pejabat PDP pengirim menolak.", "The sender's officer refused.")
    agreeing = sorted(each.member for each in words if each.member != case.requester)
    if not agreeing:
        return fails(
            "Pejabat PDP pengirim belum menyetujui.", "The sender's officer has not agreed yet."
        )
    names = ", ".join(agreeing)
    return holds(f"Disetujui: {names}.", f"Agreed: {names}.")


RULE = Rule(
    id="transfer.officer",
    title=Words("Pejabat PDP pengirim menyetujui", "The sender's data protection officer agrees"),
    citation="UU 27/2022 Ps. 53-54",
    remedy=Words(
        "Minta pejabat PDP pengirim menjalankan 'padan-policy approve-attributes'.",
        "Ask the sender's officer to run 'padan-policy approve-attributes'.",
    ),
    settled_by=SettledBy.APPROVALS,
    judge=judge,
)
