"""The charter lets this owner share these columns with this party."""

from policy.base.words import Words
from policy.gates.rules.case import TransferCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: TransferCase) -> Answer:
    if case.permit is None:
        return fails(
            f"Piagam tidak mengizinkan {case.dataset} dikirim kepada {case.recipient}.",
            f"The charter does not let {case.dataset} be sent to {case.recipient}.",
        )
    other = [name for name in case.columns if case.permit.column(name) is None]
    if other or len(set(case.columns)) != len(case.columns):
        return fails(
            "Ada kolom yang tidak diizinkan piagam, atau disebut dua kali.",
            "There is a column that the charter does not allow, or one named twice.",
        )
    specific = sum(each.data_class == "spesifik" for each in case.permit.columns)
    return holds(
        f"{len(case.columns)} kolom diizinkan piagam; yang spesifik di piagam: {specific}.",
        f"The charter allows {len(case.columns)} columns; specific ones in it: {specific}.",
    )


RULE = Rule(
    id="transfer.permitted",
    title=Words("Piagam mengizinkan kolom ini", "The charter allows these columns"),
    citation="UU 27/2022 Ps. 16(2), 27-28",
    remedy=Words(
        "Minta kolom yang disebut piagam, atau sepakati perubahan piagam (attributes).",
        "Ask for columns that the charter names, or agree on an amendment (attributes).",
    ),
    settled_by=SettledBy.TRANSFER,
    judge=judge,
)
