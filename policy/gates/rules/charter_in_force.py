"""All parties signed the charter, and today lies within its validity."""

from policy.base.dates import long_day
from policy.base.words import Words
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: RunCase) -> Answer:
    missing = sorted(set(case.charter.party_ids) - case.signed_by)
    if missing:
        names = ", ".join(missing)
        return fails(f"Belum ditandatangani oleh: {names}.", f"Not yet signed by: {names}.")
    if not case.charter.valid_from <= case.day <= case.charter.valid_until:
        first, last = long_day(case.charter.valid_from), long_day(case.charter.valid_until)
        return fails(
            f"Piagam berlaku {first.id} sampai {last.id}.",
            f"The charter is valid from {first.en} to {last.en}.",
        )
    return holds("Ditandatangani semua pihak dan masih berlaku.", "Signed by all and still valid.")


RULE = Rule(
    id="run.charter-in-force",
    title=Words("Piagam berlaku", "The charter is in force"),
    citation="UU 27/2022 Ps. 18, 51; Perpres 39/2019",
    remedy=Words(
        "Pihak yang belum menandatangani menjalankan 'padan-policy charter sign'; piagam yang"
        " habis diperpanjang dengan perubahan yang ditandatangani semua pihak.",
        "Parties that have not signed run 'padan-policy charter sign'; a charter that has ended"
        " is extended by an amendment that all parties sign.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
