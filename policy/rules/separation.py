"""Whoever runs the service owns no data, approves nothing, and is not the auditor.

Encodings and any one owner's key together show everybody's NIK. The agencies of the linkage
unit (controller, superiors, administrators, and those of the roster's service and coordinators)
are therefore none of the data owners' unless a data protection officer lets these pass by name.
"""

from policy.apart import operating, owning
from policy.rules.case import Finding, Rule, RunCase
from policy.words import Words

RULE = Rule(
    "run.separation",
    Words("Tugas terpisah", "Duties are separate"),
    "UU 27/2022 Ps. 35, 51, 52; Perpres 95/2018",
)


def unit_at_fault(case: RunCase) -> Finding | None:
    """What is wrong with the linkage unit by itself, under any law."""
    roster, unit = case.roster, case.charter.linkage_unit
    if unit is None or unit.member != roster.service().id:
        return failed(
            "Unit pemadanan di piagam bukan layanan di roster.",
            "The charter's linkage unit is not the roster's service.",
        )
    operators = (*roster.with_role("service"), *roster.with_role("coordinator"))
    if any(member.has("approver") or member.has("dpo") for member in operators):
        return failed(
            "Koordinator layanan tidak boleh juga penyetuju atau pejabat PDP.",
            "A coordinator of the service cannot be an approver or a DPO as well.",
        )
    return None


def check(case: RunCase) -> Finding:
    fault = unit_at_fault(case)
    if fault is not None:
        return fault
    charter, roster = case.charter, case.roster
    operating_here, owners = operating(charter, roster), owning(charter, roster)
    auditing = {roster.member(auditor).agency for auditor in charter.auditors}
    if auditing & (owners | operating_here):
        return failed(
            "Auditor harus dari instansi yang bukan pemilik data dan bukan pengelola layanan.",
            "The auditor is of an agency that neither owns data nor runs the service.",
        )
    both = overlap(case)
    if both and not case.excepted(RULE, both):
        names = ", ".join(both)
        return failed(
            f"Pengelola layanan dan pemilik data sama: {names}; perlu pengecualian pejabat PDP.",
            f"The service's operators own data: {names}; a DPO must sign an exception.",
        )
    if both:
        return Finding(
            RULE,
            True,
            Words("Dikecualikan oleh pejabat PDP.", "Let pass by a data protection officer."),
        )
    return Finding(
        RULE,
        True,
        Words(
            "Layanan, pemilik data, dan auditor berlainan instansi.",
            "Service, data owners and auditor are of different agencies.",
        ),
    )


def overlap(case: RunCase) -> tuple[str, ...]:
    """Agencies that run the service and own data."""
    return tuple(sorted(operating(case.charter, case.roster) & owning(case.charter, case.roster)))


def failed(indonesian: str, english: str) -> Finding:
    return Finding(RULE, False, Words(indonesian, english))
