"""The run used the thresholds and domains that were ordered."""

from policy.base.words import Words
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: ReleaseCase) -> Answer:
    run = case.run
    same = (case.executed_thresholds_ppm, case.executed_nik_floor_ppm) == (
        run.thresholds_ppm,
        run.nik_floor_ppm,
    ) and set(case.domains) <= set(run.domains)
    if not same:
        return fails(
            "Ambang atau domainnya berbeda dari perintah.",
            "Thresholds or domains differ from the order.",
        )
    return holds("Sama dengan perintah.", "The same as ordered.")


RULE = Rule(
    id="release.executed",
    title=Words("Dijalankan sesuai perintah", "Executed as ordered"),
    citation="UU 27/2022 Ps. 51, 52",
    remedy=Words(
        "Jangan menerima rilis ini; minta auditor mengulangi pemadanan.",
        "Accept nothing of this release; ask the auditor to repeat the run.",
    ),
    settled_by=SettledBy.NOTHING,
    judge=judge,
)
