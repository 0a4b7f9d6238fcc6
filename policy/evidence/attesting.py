"""How many agencies stand behind what the log says, beside the one that keeps it.

Members of one agency say a thing once, and an agency that runs the service says nothing that
the service does not say itself. What one agency says alone is asserted; two attest it. Logs of
the first law keep the marks that they were given.
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
    """How far what these members say reaches, and the agencies that say it."""
    if case.project.charter.law == FIRST_LAW:
        return "attested", ()
    agencies = agencies_of(case, members)
    return ("attested" if len(agencies) > 1 else "asserted"), agencies


def told(agencies: tuple[str, ...]) -> Words:
    """ ", by 3 agencies", for the end of a sentence; nothing where they are not counted."""
    if not agencies:
        return Words("", "")
    noun = "agency" if len(agencies) == 1 else "agencies"
    return Words(f", oleh {len(agencies)} instansi", f", by {len(agencies)} {noun}")
