"""Who may read a log: by its charters and rosters alone, so that reading needs no replay.

A service that only passes a log on keeps none of its other statements in memory. What the database
has was judged by law when it was appended, and each reader judges it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from linkage_service.storage.leaves import LEAVES_AT_ONCE, leaves_from
from policy.members.entitled import may_read
from policy.members.roster import parse_roster
from policy.project import Project
from policy.statements import CharterBody, RosterBody, parse_statement

# As a leaf has it: the binding is a JSON text within JSON.
_NAMED = tuple(rb"\"type\":\"%b\"" % kind.TYPE.encode() for kind in (CharterBody, RosterBody))


@dataclass(frozen=True)
class Readership:
    """The charters and rosters among the first `size` leaves of a log."""

    project: Project
    size: int
    _known: dict[str, bool] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, connection: Connection, project_id: str, size: int) -> Readership:
        """That of a log, which has a leaf at least."""
        first = leaves_from(connection, project_id, 0, 1)[0]
        empty = cls(Project(parse_roster(first)[0]), 0)
        return empty.until(connection, project_id, size)

    def until(self, connection: Connection, project_id: str, size: int) -> Readership:
        """As the log has it at this larger size; reads the leaves in between, a block at a time."""
        project, found = self.project, False
        for start in range(self.size, size, LEAVES_AT_ONCE):
            block = leaves_from(connection, project_id, start, min(start + LEAVES_AT_ONCE, size))
            if not found and any(map(_counts, block)):
                project, found = _copied(project, start), True
            if found:
                _take_in(project, block)
        if found:
            return Readership(project, size)
        return replace(self, size=size)

    def has(self, member_id: str) -> bool:
        """Whether this member may read; a proposer of the same id may read too."""
        if member_id not in self._known:
            roster = self.project.roster  # the one in force in this log
            self._known[member_id] = roster.has_member(member_id) and any(
                may_read(charter, roster, roster.member(member_id))
                for charter in self.project.proposals()
            )
        return self._known[member_id]


def _counts(leaf: bytes) -> bool:
    return any(name in leaf for name in _NAMED)


def _copied(project: Project, size: int) -> Project:
    """The same charters and rosters in a project that may grow from this size on."""
    copy = Project(project.first)
    for entry in project.log.entries:
        copy.log.length = entry.index
        copy.add(entry.statement)
    copy.log.length = size
    return copy


def _take_in(project: Project, block: Sequence[bytes]) -> None:
    for leaf in block:
        if _counts(leaf):
            project.add(parse_statement(leaf))
        else:
            project.pass_over()
