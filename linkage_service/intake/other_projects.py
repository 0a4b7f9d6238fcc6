"""Limits on a member that depend on this service's other projects."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from linkage_service.error_codes import ServiceCode
from policy.base.errors import Refused
from policy.base.words import Words
from policy.project import Project
from policy.statements import CharterBody, RunOrder, pair_name

YEAR_SECONDS = 365 * 86_400
MOST_OPEN_PROJECTS = 5  # of one member, not yet signed by all


def ordered_elsewhere(project: Project, others: Iterable[Project], now: int) -> dict[str, int]:
    """For every two parties, how many runs their agencies ordered elsewhere within a year of now.

    An agency counts as the same agency under any member name.
    """
    pairs = list(combinations(project.charter.party_ids, 2))
    found = {pair_name(*pair): 0 for pair in pairs}
    for other in others:
        if not other.in_force:
            continue
        orders = sum(now - e.body.at <= YEAR_SECONDS for e in other.of(RunOrder))
        theirs = _agencies(other, other.charter.party_ids)
        for pair in pairs:
            if _agencies(project, pair) <= theirs:
                found[pair_name(*pair)] += orders
    return found


def require_few_open(projects: Iterable[Project], member: str) -> None:
    """Limit the projects that a member opens and others have not signed; raises Refused."""
    waiting = [
        each
        for each in projects
        if not each.in_force and each.of(CharterBody)[0].statement.sender == member
    ]
    if len(waiting) >= MOST_OPEN_PROJECTS:
        raise Refused(
            ServiceCode.SERVICE_OPEN_PROJECTS,
            Words(
                f"{MOST_OPEN_PROJECTS} proyek yang Anda ajukan masih menunggu tanda tangan.",
                f"{MOST_OPEN_PROJECTS} projects of yours still wait for signatures.",
            ),
            Words(
                "Mintalah pihak lain menandatanganinya, atau pakai id proyek yang sudah ada.",
                "Ask the other parties to sign them, or use the id of one of them.",
            ),
        )


def _agencies(project: Project, members: Iterable[str]) -> frozenset[str]:
    return frozenset(project.roster.member(each).agency for each in members)
