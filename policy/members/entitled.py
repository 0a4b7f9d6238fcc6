"""Which members the charter and the roster of one project entitle to what.

approvers     members with that role, of an agency that takes part, of a walidata's or an
              authority's agency
officers      the data protection officers that the charter names for its parties; if it
              names none, all of the roster
senders       for attributes that a party sends: approvers of its agency, and its own officer
readers       all members that the charter names, including the processor's own officer; the
              service; and the two groups above. They see the log
facts         exact counts: approvers, officers, and the auditors that the charter names
"""

from __future__ import annotations

from policy.charter import Charter
from policy.members.roster import Member, Roster


def is_approver(charter: Charter, roster: Roster, member: Member) -> bool:
    """Whether the member is an approver of a participating, walidata's or authority's agency."""
    walidata = (each.member for each in charter.walidata)
    taking_part = (*charter.party_ids, *walidata, *roster.authorities)
    agencies = {roster.member(each).agency for each in taking_part}
    return member.has("approver") and member.agency in agencies


def is_officer(charter: Charter, member: Member) -> bool:
    """Whether the member is a data protection officer of this charter."""
    named = {party.dpo for party in charter.parties} - {None}
    return member.has("dpo") and (not named or member.id in named)


def may_decide(charter: Charter, roster: Roster, member: Member) -> bool:
    """Whether the member may say yes or no to a staged release."""
    return is_officer(charter, member) or is_approver(charter, roster, member)


def is_officer_of(charter: Charter, roster: Roster, party: str, member: Member) -> bool:
    """Whether the member is this party's data protection officer, by charter or by agency."""
    named = charter.party(party).dpo
    own = member.agency == roster.member(party).agency
    return member.has("dpo") and (member.id == named if named else own)


def is_approver_of(roster: Roster, party: str, member: Member) -> bool:
    """Whether the member is an approver of this party's agency."""
    return member.has("approver") and member.agency == roster.member(party).agency


def may_see_facts(charter: Charter, roster: Roster, member: Member) -> bool:
    """Whether the member may open exact counts."""
    return member.id in charter.auditors or may_decide(charter, roster, member)


def may_read(charter: Charter, roster: Roster, member: Member) -> bool:
    """Whether the member may read the project's log."""
    named = {*charter.party_ids, *charter.witnesses.members, *charter.auditors, *charter.dropped}
    named |= {each.member for each in charter.walidata}
    if charter.linkage_unit is not None and charter.linkage_unit.dpo is not None:
        named.add(charter.linkage_unit.dpo)
    by_role = member.has("service") or member.has("coordinator")
    return member.id in named or by_role or may_decide(charter, roster, member)


def deciders(charter: Charter, roster: Roster) -> tuple[Member, ...]:
    """All members that may decide on a release."""
    return tuple(member for member in roster.members if may_decide(charter, roster, member))
