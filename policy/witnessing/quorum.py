"""How many agencies must have seen a log, and what that number withstands.

Witnesses of one agency count once, and those of an agency that runs the service not at all:
who keeps the log does not vouch for it. Two histories of one log can both be witnessed only if
their quorums share a liar. Of `agencies` witnesses two quorums of `needed` share at least
2 * needed - agencies; so if that is more than `faulty`, one of those shared tells the truth, and
has cosigned one history only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policy.charter import FIRST_LAW, Charter
from policy.members.roster import Roster
from policy.members.separation import operating
from policy.project import Project


@dataclass(frozen=True)
class Quorum:
    """`needed` of so many witnessing `agencies`, against `faulty` that lie."""

    agencies: int
    needed: int
    faulty: int = 1

    @property
    def holds(self) -> bool:
        """Whether no two histories can both be witnessed, and one can."""
        return self.withstands >= self.faulty and self.away >= 0

    @property
    def withstands(self) -> int:
        """How many agencies may lie; below zero if two quorums need not meet at all."""
        return 2 * self.needed - self.agencies - 1

    @property
    def away(self) -> int:
        """How many agencies may be away and the project still goes on."""
        return self.agencies - self.needed

    @property
    def least(self) -> int:
        """The smallest lawful number for these agencies."""
        return (self.agencies + self.faulty) // 2 + 1


def quorum(charter: Charter, roster: Roster) -> Quorum:
    """That of a charter, as this roster knows its witnesses."""
    witnesses = charter.witnesses
    agencies = witnessing(charter, roster, witnesses.members)
    return Quorum(len(agencies), witnesses.quorum, witnesses.faulty)


def witnessing(charter: Charter, roster: Roster, members: Iterable[str]) -> frozenset[str]:
    """The agencies for which these members witness: named by the charter, not the operator's."""
    named = set(charter.witnesses.members) & set(members)
    agencies = {roster.member(member).agency for member in named}
    return frozenset(agencies - operating(charter, roster))


def speaking(project: Project) -> Mapping[str, str]:
    """For whom each witness of the charter in force speaks: one member for each agency.

    Under the first law each for itself. Those of an agency that runs the service are left out.
    """
    charter, roster = project.charter, project.roster
    named = sorted(charter.witnesses.members)
    if charter.law == FIRST_LAW:
        return {member: member for member in named}
    running = operating(charter, roster)
    agencies = {member: roster.member(member).agency for member in named}
    first: dict[str, str] = {}
    for member in named:
        first.setdefault(agencies[member], member)
    return {m: first[agency] for m, agency in agencies.items() if agency not in running}


def voices(project: Project, members: Iterable[str]) -> int:
    """How many witnesses these are, as the charter's law counts: members, or agencies."""
    if project.charter.law == FIRST_LAW:
        return len(set(project.charter.witnesses.members) & set(members))
    return len(witnessing(project.charter, project.roster, members))


def is_witnessed(project: Project, members: Iterable[str]) -> bool:
    """Whether these are the charter's quorum, or more."""
    return voices(project, members) >= project.charter.witnesses.quorum
