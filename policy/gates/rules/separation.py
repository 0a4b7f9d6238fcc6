"""The agencies that run the service own no data, approve nothing, and are not the auditor's.

The encodings and one owner's key together reveal everyone's NIK. The agencies of the linkage unit
are its controller, superiors and administrators, and those of the roster's service and
coordinators. None of them may be the agency of a data owner, unless a data protection officer signs
an exception that names it.
"""

from policy.base.words import Words
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds
from policy.members.separation import operating, owning


def unit_at_fault(case: RunCase) -> Answer | None:
    """What is wrong with the linkage unit itself, under any law; None if nothing is."""
    roster, unit = case.roster, case.charter.linkage_unit
    if unit is None or unit.member != roster.service().id:
        return fails(
            "Unit pemadanan di piagam bukan layanan di roster.",
            "The charter's linkage unit is not the roster's service.",
        )
    operators = (*roster.with_role("service"), *roster.with_role("coordinator"))
    if any(member.has("approver") or member.has("dpo") for member in operators):
        return fails(
            "Koordinator layanan tidak boleh juga penyetuju atau pejabat PDP.",
            "A coordinator of the service cannot be an approver or a DPO as well.",
        )
    return None


def judge(case: RunCase) -> Answer:
    fault = unit_at_fault(case)
    if fault is not None:
        return fault
    charter, roster = case.charter, case.roster
    operating_here, owners = operating(charter, roster), owning(charter, roster)
    auditing = {roster.member(auditor).agency for auditor in charter.auditors}
    if auditing & (owners | operating_here):
        return fails(
            "Auditor harus dari instansi yang bukan pemilik data dan bukan pengelola layanan.",
            "The auditor is of an agency that neither owns data nor runs the service.",
        )
    both = overlap(case)
    if both and not case.excepted(RULE.id, both):
        names = ", ".join(both)
        return fails(
            f"Pengelola layanan dan pemilik data sama: {names}; perlu pengecualian pejabat PDP.",
            f"The service's operators own data: {names}; a DPO must sign an exception.",
        )
    if both:
        return holds("Dikecualikan oleh pejabat PDP.", "Let pass by a data protection officer.")
    return holds(
        "Layanan, pemilik data, dan auditor berlainan instansi.",
        "Service, data owners and auditor are of different agencies.",
    )


def overlap(case: RunCase) -> tuple[str, ...]:
    """Agencies that run the service and own data."""
    return tuple(sorted(operating(case.charter, case.roster) & owning(case.charter, case.roster)))


RULE = Rule(
    id="run.separation",
    title=Words("Tugas terpisah", "Duties are separate"),
    citation="UU 27/2022 Ps. 35, 51, 52; Perpres 95/2018",
    remedy=Words(
        "Pindahkan layanan ke instansi yang tidak memiliki data, atau mintakan pengecualian.",
        "Move the service to an agency that owns no data, or ask an officer for an exception.",
    ),
    settled_by=SettledBy.CHARTER,
    judge=judge,
    excepts=overlap,
)
