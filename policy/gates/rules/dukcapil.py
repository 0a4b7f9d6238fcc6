"""Dukcapil population data: a numbered agreement is valid, and only yes or no is learned.

Each recipient of such a source learns only whether a row matched. A private index has an ID for
every row and would reveal more than yes or no.
"""

from policy.base.dates import long_day
from policy.base.words import Words
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: RunCase) -> Answer:
    charter = case.charter
    sources = {dataset.id for dataset in charter.datasets if dataset.source == "dukcapil"}
    if not sources:
        return holds("Tidak dipakai.", "Not used.")
    terms = charter.dukcapil
    if terms is None or case.day > terms.valid_until:
        return fails(
            "Nomor PKS Dukcapil tidak ada atau sudah berakhir.",
            "There is no Dukcapil agreement (PKS) number, or it has ended.",
        )
    wrong = sorted(
        domain.id
        for domain in charter.domains
        if sources & set(domain.datasets)
        and (
            len(domain.datasets) != 2
            or sources & set(domain.learn)
            or charter.matching.cardinality != "one-to-one"
        )
    )
    if wrong:
        names = ", ".join(wrong)
        return fails(
            f"Domain ID dengan data Dukcapil memberi lebih dari ya atau tidak: {names}.",
            f"Domains with Dukcapil data give more than yes or no: {names}.",
        )
    last = long_day(terms.valid_until)
    return holds(
        f"PKS {terms.pks_number} berlaku sampai {last.id}; keluaran ya atau tidak.",
        f"PKS {terms.pks_number} is valid until {last.en}; the output is yes or no.",
    )


RULE = Rule(
    id="run.dukcapil",
    title=Words("Data Dukcapil hanya dijawab ya atau tidak", "Dukcapil data is answered yes or no"),
    citation="Permendagri 102/2019; UU 24/2013 Ps. 79",
    remedy=Words(
        "Perbarui PKS dengan Dukcapil, dan batasi domainnya pada jawaban ya atau tidak.",
        "Renew the agreement with Dukcapil, and keep its domains to yes or no.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
