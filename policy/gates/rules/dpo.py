"""No data protection officer objects: one no stops the release, even if everyone else approves.

Where the charter asks for it (`release.dpo_approval`), silence is not enough.
"""

from policy.base.words import Words
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: ReleaseCase) -> Answer:
    words = [a for a in case.approvals if a.dpo]
    objecting = sorted(a.member for a in words if not a.approves)
    if objecting:
        names = ", ".join(objecting)
        return fails(f"Keberatan (veto): {names}.", f"Objection (veto): {names}.")
    agreeing = sorted(a.member for a in words if case.at <= a.expires)
    if not agreeing and case.run.charter.release.dpo_approval:
        return fails(
            "Piagam meminta persetujuan pejabat PDP; belum ada.",
            "The charter asks for an officer's approval; there is none yet.",
        )
    if agreeing:
        names = ", ".join(agreeing)
        return holds(f"Disetujui: {names}.", f"Agreed: {names}.")
    return holds("Tidak ada keberatan.", "No objection.")


RULE = Rule(
    id="release.dpo",
    title=Words("Pejabat PDP tidak berkeberatan", "The data protection officer does not object"),
    citation="UU 27/2022 Ps. 53-54",
    remedy=Words(
        "Bicarakan keberatan itu dengan pejabat PDP; tanpa dia tidak ada rilis.",
        "Speak with the officer about the objection; nothing leaves against it.",
    ),
    settled_by=SettledBy.APPROVALS,
    judge=judge,
)
