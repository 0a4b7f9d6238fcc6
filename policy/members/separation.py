"""Separation of duties in a project: operators, data owners, auditors, approvers.

An agency that runs the service or audits it approves nothing. A yes comes from a person, because
the key of a party's machine, or of the service, only says what a program did.
"""

from __future__ import annotations

from policy.base.words import Words
from policy.charter import Charter
from policy.members.entitled import is_approver, is_officer
from policy.members.roster import Member, Role, Roster

_MACHINES: tuple[Role, ...] = ("party", "service", "coordinator")


def operating(charter: Charter, roster: Roster) -> frozenset[str]:
    """The agencies of the linkage unit: those that the charter names, and the operators' own."""
    operators = (*roster.with_role("service"), *roster.with_role("coordinator"))
    unit = charter.linkage_unit
    named = unit.agencies if unit else frozenset()
    return named | {member.agency for member in operators}


def owning(charter: Charter, roster: Roster) -> frozenset[str]:
    """The agencies whose data are matched."""
    return frozenset(roster.member(party).agency for party in charter.party_ids)


def auditing(charter: Charter, roster: Roster) -> frozenset[str]:
    """The agencies of the auditors that the charter names."""
    return frozenset(roster.member(auditor).agency for auditor in charter.auditors)


def in_line_with(roster: Roster, agency: str, others: frozenset[str]) -> bool:
    """Whether an agency is one of `others`, or a superior or subordinate of one."""
    return any(roster.in_line(agency, other) for other in others)


def akin_to(roster: Roster, agency: str, others: frozenset[str]) -> bool:
    """Whether an agency is in line with one of `others`, or shares a superior with one."""
    return any(roster.akin(agency, other) for other in others)


def approving(charter: Charter, roster: Roster) -> frozenset[str]:
    """The agencies of approvers whose yes counts. Data protection officers are not approvers."""
    return frozenset(
        member.agency
        for member in roster.members
        if is_approver(charter, roster, member)
        and not is_officer(charter, member)
        and hindrance(charter, roster, member) is None
    )


def hindrance(charter: Charter, roster: Roster, member: Member) -> Words | None:
    """Why this member's yes to a release does not count; None if it does."""
    if any(member.has(role) for role in _MACHINES):
        return Words(
            "kunci itu milik sistem, bukan milik seseorang",
            "that key is a system's and no person's own",
        )
    if in_line_with(roster, member.agency, operating(charter, roster)):
        return Words(
            "instansinya mengelola layanan, atau atasan atau unit dari pengelolanya",
            "its agency runs the service, or is a superior or a unit of one that does",
        )
    if member.agency in auditing(charter, roster):
        return Words(
            "instansinya memeriksa proyek ini",
            "its agency audits this project",
        )
    return None
