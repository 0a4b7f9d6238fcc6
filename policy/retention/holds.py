"""Legal holds: which members may place one, what it covers, and when it ends.

1. A data protection officer, an auditor or an authority named in the charter may hold
   anything; a walidata party may hold its own things. The service may hold nothing: it would
   profit from keeping encodings.
2. A hold ends on its `until` day, when it is lifted, and in any case after LONGEST_HOLD_DAYS.
   If it is needed longer, it is placed again, and everybody sees that.
3. The member who placed a hold lifts it. Another member of the same office or agency may also do
   so, but nobody whose own things the hold covers: the subject of an inquiry cannot end it.
4. Held things are preserved beyond their date but not used (`conditions.require_usable`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from policy.gates.rules.case import day_of
from policy.members.roster import Member
from policy.project import Entry, Project
from policy.statements import Hold, HoldLifted, Thing

LONGEST_HOLD_DAYS = 365

Office = Literal["dpo", "auditor", "authority"]


@dataclass(frozen=True)
class HeldBy:
    """One hold, with its first and last day by the log."""

    entry: Entry[Hold]
    body: Hold
    first: date
    last: date
    lifted: bool

    def covers(self, owner: str, what: Thing) -> bool:
        """Whether the hold covers this owner's thing."""
        body = self.body
        return (not body.scope or what in body.scope) and (not body.owners or owner in body.owners)

    def in_force(self, day: date) -> bool:
        """Whether the hold counts on that day."""
        return not self.lifted and self.first <= day <= self.last


def holds(project: Project) -> tuple[HeldBy, ...]:
    """All holds ever placed, in the log's order."""
    lifted = {
        body.hold: day_of(body.at) for body in (entry.body for entry in project.of(HoldLifted))
    }
    return tuple(_held(entry, lifted.get(entry.digest)) for entry in project.of(Hold))


def offices(project: Project, member: Member) -> frozenset[Office]:
    """The offices by which a member may hold the things of others."""
    charter = project.charter
    found: set[Office] = set()
    if member.has("dpo"):
        found.add("dpo")
    if member.has("auditor") and member.id in charter.auditors:
        found.add("auditor")
    if member.id in project.roster.authorities:
        found.add("authority")
    return frozenset(found)


def may_place(project: Project, member: Member, body: Hold) -> bool:
    """Whether the member may place this hold."""
    own = body.owners == (member.id,)
    return bool(offices(project, member)) or (own and _is_walidata(project, member))


def may_lift(project: Project, member: Member, hold: HeldBy) -> bool:
    """Whether the member may lift this hold."""
    placer = project.sender_of(hold.entry)
    if member.id == placer.id:
        return True
    shares_office = bool(offices(project, member) & offices(project, placer))
    return (shares_office or member.agency == placer.agency) and not _is_covered(
        project, member, hold
    )


def _held(entry: Entry[Hold], lifted: date | None) -> HeldBy:
    body = entry.body
    first = day_of(body.at)
    last = min(body.until or date.max, first + timedelta(days=LONGEST_HOLD_DAYS))
    if lifted is not None:
        last = min(last, lifted)
    return HeldBy(entry, body, first, last, lifted is not None)


def _is_walidata(project: Project, member: Member) -> bool:
    return any(
        party.member == member.id and "walidata" in party.roles for party in project.charter.parties
    )


def _is_covered(project: Project, member: Member, hold: HeldBy) -> bool:
    """Whether the hold covers things of this member or of its agency."""
    keepers = (*project.charter.party_ids, project.roster.service().id)
    return any(
        project.roster.member(keeper).agency == member.agency
        for keeper in (hold.body.owners or keepers)
    )
