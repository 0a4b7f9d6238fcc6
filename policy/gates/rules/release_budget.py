"""No more releases than the charter allows in one epoch; refused ones count too."""

from policy.base.words import Words
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy


def judge(case: ReleaseCase) -> Answer:
    allowed = case.run.charter.budget.releases
    reason = Words(
        f"Permintaan ke-{case.requests} dari {allowed} yang diizinkan.",
        f"Request {case.requests} of {allowed} allowed.",
    )
    return Answer(case.requests <= allowed, reason)


RULE = Rule(
    id="release.budget",
    title=Words("Kuota rilis cukup", "The release budget suffices"),
    citation="UU 27/2022 Ps. 16(2)",
    remedy=Words(
        "Tunggu periode kunci berikutnya, atau sepakati kuota lain dalam perubahan piagam.",
        "Wait for the next epoch, or agree on another budget by an amendment.",
    ),
    settled_by=SettledBy.WAITING,
    judge=judge,
)
