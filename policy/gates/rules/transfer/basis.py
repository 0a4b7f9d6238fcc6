"""Every regulation cited for the transfer is valid today."""

from policy.base.words import Words
from policy.charter.regulations import holds_on
from policy.gates.rules.case import TransferCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: TransferCase) -> Answer:
    cited = () if case.permit is None else case.permit.citations
    ended = [each.text for each in cited if not holds_on(each, case.run.day)]
    if ended or not cited:
        names = ", ".join(ended) or "-"
        return fails(f"Tidak berlaku hari ini: {names}.", f"Not valid today: {names}.")
    return holds("Dasar hukumnya berlaku.", "Its lawful basis is valid.")


RULE = Rule(
    id="transfer.basis",
    title=Words("Dasar hukum pengiriman berlaku", "The basis of the transfer is valid"),
    citation="UU 27/2022 Ps. 16(2), 20(2)",
    remedy=Words(
        "Sebut dasar hukum yang masih berlaku dalam perubahan piagam.",
        "Name a regulation that is in force, by an amendment.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
