"""The order lies within the charter: purpose, domains, thresholds.

An order may ask for a stricter threshold than the charter, never for a lower one.
"""

from policy.base.words import Words
from policy.gates.rules.case import RunCase
from policy.gates.rules.rule import Answer, Rule, SettledBy, fails, holds


def judge(case: RunCase) -> Answer:
    outside = _outside(case)
    if outside:
        names = ", ".join(outside)
        return fails(f"Di luar piagam: {names}.", f"Outside the charter: {names}.")
    return holds("Sesuai piagam.", "Within the charter.")


def _outside(case: RunCase) -> list[str]:
    charter = case.charter
    outside = []
    if case.purpose is not None and case.purpose != charter.purpose.code:
        outside.append("purpose")
    known = {domain.id for domain in charter.domains}
    if not set(case.domains) <= known or len(set(case.domains)) != len(case.domains):
        outside.append("domains")
    if case.thresholds_ppm is not None:
        agreed = charter.matching.thresholds_ppm
        if case.thresholds_ppm.keys() != agreed.keys() or any(
            not agreed[name] <= ppm <= 1_000_000 for name, ppm in case.thresholds_ppm.items()
        ):
            outside.append("thresholds_ppm")
    if case.nik_floor_ppm is not None and not (
        charter.matching.nik_floor_ppm <= case.nik_floor_ppm <= 1_000_000
    ):
        outside.append("nik_floor_ppm")
    return outside


RULE = Rule(
    id="run.parameters",
    title=Words("Parameter sesuai piagam", "The parameters lie within the charter"),
    citation="UU 27/2022 Ps. 16(2), 51-52",
    remedy=Words(
        "Perintahkan pemadanan yang sesuai dengan piagam.",
        "Order a run that lies within the charter.",
    ),
    settled_by=SettledBy.ORDER,
    judge=judge,
    needs_log=True,
)
