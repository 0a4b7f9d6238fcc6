"""How many agencies attest a statement in the log, in addition to the agency that keeps the log.

Members of one agency count once. An agency that runs the service adds nothing to the service's own
word. A statement by one agency is asserted; a statement by two is attested. Logs of the first law
keep the marks that they were given.
"""

from __future__ import annotations

from collections.abc import Iterable

from policy.base.words import Words
from policy.charter import FIRST_LAW
from policy.evidence.case import Case
from policy.evidence.report import Standing
from policy.members.separation import operating


def agencies_of(case: Case, members: Iterable[str]) -> tuple[str, ...]:
    """The agencies of these members, without those that run the service."""
    project = case.project
    agencies = {project.roster.member(member).agency for member in members}
    return tuple(sorted(agencies - operating(project.charter, project.roster)))


def attested_by(case: Case, members: Iterable[str]) -> tuple[Standing, tuple[str, ...]]:
    """The mark that these members' word deserves, and the agencies that give it."""
    if case.project.charter.law == FIRST_LAW:
        return "attested", ()
    agencies = agencies_of(case, members)
    return ("attested" if len(agencies) > 1 else "asserted"), agencies


def told(agencies: tuple[str, ...]) -> Words:
    """ ", by 3 agencies", for the end of a sentence; empty if the agencies are not counted."""
    if not agencies:
        return Words("", "")
    noun = "agency" if len(agencies) == 1 else "agencies"
    return Words(f", oleh {len(agencies)} instansi", f", by {len(agencies)} {noun}")
