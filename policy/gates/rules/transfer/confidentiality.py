"""Statistical data leave only if a valid regulation or agreement lifts their confidentiality.

What respondents told a statistician is confidential (UU 16/1997 art. 21). The rule asks a
supervisor of statistics, and the owner of Regsosek, for what lifts it.
"""

from policy.base.words import Words
from policy.charter.regulations import holds_on
from policy.gates.rules.case import TransferCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: TransferCase) -> Answer:
    charter = case.run.charter
    dataset = charter.dataset(case.dataset)
    statistics = "pembina-data" in charter.party(dataset.owner).roles
    if not statistics and dataset.source != "regsosek":
        return holds("Bukan data statistik.", "Not statistical data.")
    lifting = None if case.permit is None else case.permit.confidentiality
    if lifting is None or not holds_on(lifting, case.run.day):
        return fails(
            "Piagam tidak menyebut dasar yang berlaku untuk membuka kerahasiaan statistik.",
            "The charter names no valid basis for lifting statistical confidentiality.",
        )
    return holds(f"Dibuka oleh: {lifting.text}.", f"Lifted by: {lifting.text}.")


RULE = Rule(
    id="transfer.confidentiality",
    title=Words("Kerahasiaan statistik dibuka", "Statistical confidentiality is lifted"),
    citation="UU 16/1997 Ps. 21, 24",
    remedy=Words(
        "Tulis dasarnya di piagam (attributes.confidentiality), lewat perubahan piagam.",
        "Write its basis into the charter (attributes.confidentiality), by an amendment.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
