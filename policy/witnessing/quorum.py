"""How many agencies must have seen a log, and how many liars that number withstands.

Witnesses of one agency count once. Witnesses of an agency that runs the service do not count,
because the keeper of the log cannot vouch for it. Two histories of one log can both be witnessed
only if their quorums share a liar. Among `agencies` witnesses, two quorums of `needed` share at
least 2 * needed - agencies. If that is more than `faulty`, one of the shared agencies is honest and
has cosigned only one history.
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
    """`needed` of `agencies` witnessing agencies, against `faulty` lying ones."""

    agencies: int
    needed: int
    faulty: int = 1

    @property
    def holds(self) -> bool:
        """Whether at most one history can be witnessed, and one can."""
        return self.withstands >= self.faulty and self.away >= 0

    @property
    def withstands(self) -> int:
        """How many agencies may lie; negative if two quorums can be disjoint."""
        return 2 * self.needed - self.agencies - 1

    @property
    def away(self) -> int:
        """How many agencies may be absent while the project still goes on."""
        return self.agencies - self.needed

    @property
    def least(self) -> int:
        """The smallest lawful quorum for these agencies."""
        return (self.agencies + self.faulty) // 2 + 1


def quorum(charter: Charter, roster: Roster) -> Quorum:
    """The charter's quorum, with the witnesses that this roster knows."""
    witnesses = charter.witnesses
    agencies = witnessing(charter, roster, witnesses.members)
    return Quorum(len(agencies), witnesses.quorum, witnesses.faulty)


def witnessing(charter: Charter, roster: Roster, members: Iterable[str]) -> frozenset[str]:
    """The agencies that these members witness for: named by the charter, without the operators."""
    named = set(charter.witnesses.members) & set(members)
    agencies = {roster.member(member).agency for member in named}
    return frozenset(agencies - operating(charter, roster))


def speaking(project: Project) -> Mapping[str, str]:
    """The witnesses of the charter in force that count, each with the member it counts as.

    Since the second law all witnesses of an agency count as one member. Under the first law each
    counts as itself. Witnesses of an agency that runs the service are left out.
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
    """How many witnesses these members are under the charter's law: members, or agencies."""
    if project.charter.law == FIRST_LAW:
        return len(set(project.charter.witnesses.members) & set(members))
    return len(witnessing(project.charter, project.roster, members))


def is_witnessed(project: Project, members: Iterable[str]) -> bool:
    """Whether these members reach the charter's quorum."""
    return voices(project, members) >= project.charter.witnesses.quorum
