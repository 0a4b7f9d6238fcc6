"""The same columns under the same match IDs are sent once."""

from policy.base.words import Words
from policy.gates.rules.case import TransferCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: TransferCase) -> Answer:
    if case.sent_before:
        names = ", ".join(case.sent_before)
        return fails(f"Sudah dikirim: {names}.", f"Sent already: {names}.")
    return holds("Belum pernah dikirim.", "Not sent before.")


RULE = Rule(
    id="transfer.once",
    title=Words("Kolom ini belum pernah dikirim", "These columns were not sent before"),
    citation="UU 27/2022 Ps. 16(2)",
    remedy=Words(
        "Penerima membuka kiriman yang ada; data baru memerlukan rilis baru.",
        "The recipient opens what was sent; new data need another release.",
    ),
    settled_by=SettledBy.TRANSFER,
    judge=judge,
)
