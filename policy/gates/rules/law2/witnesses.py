"""The quorum of witnesses is too large for a log with two histories (`witnessing.quorum`)."""

from policy.base.words import Words
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, holds
from policy.witnessing.quorum import quorum


def judge(case: RunCase) -> Answer:
    found = quorum(case.charter, case.roster)
    counted_id = f"kuorum {found.needed} dari {found.agencies} instansi saksi"
    counted_en = f"a quorum of {found.needed} of {found.agencies} witnessing agencies"
    if not found.holds:
        return Answer(False, _too_weak(found.least, found.agencies, counted_id, counted_en))
    return holds(
        f"{counted_id.capitalize()}: tahan {found.withstands} instansi yang berbohong,"
        f" {found.away} boleh absen.",
        f"{counted_en.capitalize()}: withstands {found.withstands} that lie, and"
        f" {found.away} may be away.",
    )


def _too_weak(least: int, agencies: int, indonesian: str, english: str) -> Words:
    if least > agencies:
        return Words(
            f"{indonesian.capitalize()}: terlalu sedikit instansi di luar pengelola layanan.",
            f"{english.capitalize()}: too few agencies besides those that run the service.",
        )
    return Words(
        f"{indonesian.capitalize()} tidak cukup; perlu antara {least} dan {agencies}.",
        f"{english.capitalize()} is not enough; it takes {least} to {agencies}.",
    )


RULE = Rule(
    id="run.witnesses",
    title=Words("Kuorum saksi menahan kebohongan", "The quorum of witnesses withstands lies"),
    citation="UU 27/2022 Ps. 35, 47",
    remedy=Words(
        "Naikkan kuorum atau tambah saksi dari instansi lain dalam perubahan piagam.",
        "Raise the quorum, or add witnesses of other agencies, by an amendment.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
)
