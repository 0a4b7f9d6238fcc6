"""Both sides have a file of the release in this domain."""

from policy.base.words import Words
from policy.gates.rules.case import TransferCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: TransferCase) -> Answer:
    if not case.released:
        return fails(
            "Rilis itu tidak disetujui, atau tidak memuat domain ini bagi keduanya.",
            "That release is not approved, or has no files of this domain for both.",
        )
    return holds("Keduanya menerima berkas rilis itu.", "Both received files of the release.")


RULE = Rule(
    id="transfer.released",
    title=Words("ID padanannya sudah dirilis", "Its match IDs are released"),
    citation="UU 27/2022 Ps. 16(2)",
    remedy=Words(
        "Sebut rilis yang disetujui dan memuat domain ini ('padan-policy status').",
        "Name an approved release with this domain ('padan-policy status').",
    ),
    settled_by=SettledBy.TRANSFER,
    judge=judge,
)
