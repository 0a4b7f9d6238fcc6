"""A data protection impact assessment is valid today and covers what the charter asks for."""

from policy.base.dates import long_day
from policy.base.words import Words
from policy.charter import Charter
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: RunCase) -> Answer:
    dpia = case.charter.dpia
    if case.day > dpia.valid_until:
        return fails(
            f"DPIA {dpia.reference} berakhir {long_day(dpia.valid_until).id}.",
            f"The DPIA {dpia.reference} ended on {long_day(dpia.valid_until).en}.",
        )
    drifted = ", ".join(_outside(case.charter))
    if drifted:
        return fails(
            f"DPIA {dpia.reference} tidak mencakup: {drifted}; nilai kembali.",
            f"The DPIA {dpia.reference} does not cover: {drifted}; assess again.",
        )
    return holds(
        f"DPIA {dpia.reference} berlaku sampai {long_day(dpia.valid_until).id}.",
        f"The DPIA {dpia.reference} is valid until {long_day(dpia.valid_until).en}.",
    )


def _outside(charter: Charter) -> list[str]:
    """Parts of the charter that differ from what the assessment looked at."""
    scope = charter.dpia.scope
    if scope is None:
        return ["dpia.scope"]
    parts = {
        "purpose": scope.purpose == charter.purpose.code,
        "parties": set(charter.party_ids) <= set(scope.parties),
        "datasets": set(charter.dataset_ids) <= set(scope.datasets),
        "encoding": scope.terms == charter.terms_digest(),
    }
    return [part for part, covered in parts.items() if not covered]


RULE = Rule(
    id="run.dpia",
    title=Words("Penilaian dampak (DPIA) berlaku", "The impact assessment (DPIA) holds"),
    citation="UU 27/2022 Ps. 34",
    remedy=Words(
        "Perbarui penilaian dampak untuk cakupan yang sekarang, lalu ubah piagam.",
        "Renew the impact assessment for the present scope, then amend the charter.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
