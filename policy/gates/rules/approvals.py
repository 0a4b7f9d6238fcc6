"""Enough different agencies approve, not counting the requester's, and nobody refuses.

The data protection officer supervises the approvers and is not one of them: an officer's yes does
not count here, whatever other role that person has.
"""

from policy.base.words import Words
from policy.gates.rules.case import ReleaseCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails


def judge(case: ReleaseCase) -> Answer:
    approvals = [a for a in case.approvals if not a.dpo]
    refusing = sorted(a.member for a in approvals if not a.approves)
    if refusing:
        names = ", ".join(refusing)
        return fails(f"Ditolak oleh: {names}.", f"Refused by: {names}.")
    counting = {
        a.agency for a in approvals if a.agency != case.requester_agency and case.at <= a.expires
    }
    needed = case.run.charter.release.approvals
    own = any(a.agency == case.requester_agency for a in approvals)
    note_id = "; persetujuan dari instansi pemohon sendiri tidak dihitung" if own else ""
    note_en = "; approvals by the requester's own agency do not count" if own else ""
    said = "1 other agency" if len(counting) == 1 else f"{len(counting)} other agencies"
    return Answer(
        len(counting) >= needed,
        Words(
            f"{len(counting)} instansi lain menyetujui (perlu {needed}){note_id}.",
            f"{said} approved ({needed} needed){note_en}.",
        ),
    )


RULE = Rule(
    id="release.approvals",
    title=Words("Persetujuan cukup dan terpisah", "Enough separate approvals"),
    citation="UU 27/2022 Ps. 53-54; Perpres 39/2019",
    remedy=Words(
        "Penyetuju dari instansi selain pemohon menjalankan 'padan-policy approve'.",
        "Approvers of other agencies than the requester's run 'padan-policy approve'.",
    ),
    settled_by=SettledBy.APPROVALS,
    judge=judge,
)
