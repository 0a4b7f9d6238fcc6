"""No auditor who repeated the run got a different result."""

from policy.base.words import Words
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: ReleaseCase) -> Answer:
    if case.rerun_differing:
        names = ", ".join(case.rerun_differing)
        return fails(
            f"Mengulang pemadanan dan mendapat hasil lain: {names}.",
            f"Repeated the run and came to another result: {names}.",
        )
    return holds("Tidak ada.", "None did.")


RULE = Rule(
    id="release.rerun",
    title=Words("Tidak ada hasil ulangan yang berbeda", "No repeated run came to another result"),
    citation="UU 27/2022 Ps. 51, 52; Perpres 95/2018 Ps. 58",
    remedy=Words(
        "Hentikan; minta layanan dan auditor mencari sebabnya, lalu perintahkan pemadanan baru.",
        "Stop; let service and auditor find the cause, then order another run.",
    ),
    settled_by=SettledBy.ORDER,
    judge=judge,
)
