"""The recipient may still keep attributes, and has not attested that it destroyed them."""

from policy.base.dates import long_day
from policy.base.words import Words
from policy.gates.rules.case import TransferCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: TransferCase) -> Answer:
    if case.destroyed:
        return fails(
            f"{case.recipient} menyatakan atributnya sudah dimusnahkan.",
            f"{case.recipient} attested that its attributes are destroyed.",
        )
    if case.run.day >= case.kept_until:
        return fails(
            f"Atribut dimusnahkan mulai {long_day(case.kept_until).id}.",
            f"Attributes are destroyed from {long_day(case.kept_until).en} on.",
        )
    return holds(
        f"Atribut dimusnahkan pada {long_day(case.kept_until).id}.",
        f"Attributes are destroyed on {long_day(case.kept_until).en}.",
    )


RULE = Rule(
    id="transfer.retention",
    title=Words("Masih boleh disimpan penerima", "The recipient may still keep them"),
    citation="UU 27/2022 Ps. 42-44",
    remedy=Words(
        "Sepakati tanggal lain dalam perubahan piagam (retention.attributes_until).",
        "Agree on another date by an amendment (retention.attributes_until).",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
