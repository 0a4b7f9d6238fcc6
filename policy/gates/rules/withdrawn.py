"""No row was withdrawn since the run: people who objected are in no release."""

from policy.base.words import Words
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: ReleaseCase) -> Answer:
    if case.withdrawn:
        return fails(
            "Ada baris yang ditarik; perintahkan pemadanan baru.",
            "Rows were withdrawn; order a new run.",
        )
    return holds("Tidak ada.", "None was.")


RULE = Rule(
    id="release.withdrawn",
    title=Words(
        "Tidak ada baris yang ditarik sejak pemadanan", "No row was withdrawn since the run"
    ),
    citation="UU 27/2022 Ps. 10, 41; Ps. 40 (persetujuan)",
    remedy=Words(
        "Perintahkan pemadanan baru; hukum pertama (padan-law-1) tidak mengenal penyiapan ulang.",
        "Order another run; the first law (padan-law-1) does not let a release be staged again.",
    ),
    settled_by=SettledBy.ORDER,
    judge=judge,
)
