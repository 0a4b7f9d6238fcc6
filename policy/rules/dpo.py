"""No data protection officer objects: one no stops the release, whoever else approves.

Where the charter asks for it (`release.dpo_approval`), silence is not enough.
"""

from policy.rules.case import Finding, ReleaseCase, Rule
from policy.words import Words

RULE = Rule(
    "release.dpo",
    Words("Pejabat PDP tidak berkeberatan", "The data protection officer does not object"),
    "UU 27/2022 Ps. 53-54",
)


def check(case: ReleaseCase) -> Finding:
    words = [a for a in case.approvals if a.dpo]
    objecting = sorted(a.member for a in words if not a.approves)
    if objecting:
        names = ", ".join(objecting)
        return Finding(
            RULE, False, Words(f"Keberatan (veto): {names}.", f"Objection (veto): {names}.")
        )
    agreeing = sorted(a.member for a in words if case.at <= a.expires)
    if not agreeing and case.run.charter.release.dpo_approval:
        return Finding(
            RULE,
            False,
            Words(
                "Piagam meminta persetujuan pejabat PDP; belum ada.",
                "The charter asks for an officer's approval; there is none yet.",
            ),
        )
    if agreeing:
        names = ", ".join(agreeing)
        return Finding(RULE, True, Words(f"Disetujui: {names}.", f"Agreed: {names}."))
    return Finding(RULE, True, Words("Tidak ada keberatan.", "No objection."))
