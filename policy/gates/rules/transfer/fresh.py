"""The request has not expired, and the charter is the one that it was made under."""

from policy.base.words import Words
from policy.gates.rules.case import TransferCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: TransferCase) -> Answer:
    if case.run.at > case.expires:
        return fails("Permintaan itu kedaluwarsa.", "The request has expired.")
    if not case.under_charter:
        return fails(
            "Piagam berubah sejak permintaan itu.", "The charter has changed since the request."
        )
    return holds("Masih berlaku.", "Still valid.")


RULE = Rule(
    id="transfer.fresh",
    title=Words("Permintaannya masih berlaku", "The request is still valid"),
    citation="UU 27/2022 Ps. 16(2)",
    remedy=Words(
        "Ajukan permintaan baru ('padan-policy request-attributes').",
        "Make a new request ('padan-policy request-attributes').",
    ),
    settled_by=SettledBy.TRANSFER,
    judge=judge,
)
