"""Which projects a person may look at: the account's projects, and then the charter.

    coordinator, operator   people of this service: every project of their account
    auditor                 of an office with a member whom the charter names as auditor
    dpo                     of an office with a member who is an officer of the charter, or of its
                            linkage unit

So nobody makes an auditor of an office that the charter does not know. A party's office is no
auditor's because it is a party: the charter names auditors apart.
"""

from __future__ import annotations

from linkage_service.people.staff import Role, Staff
from policy.charter import Charter
from policy.members.entitled import is_officer
from policy.members.roster import Roster


def may_see(person: Staff, charter: Charter, roster: Roster) -> bool:
    """Whether the person may look at the project of this charter."""
    if not person.sees(charter.project):
        return False
    if person.has(Role.coordinator, Role.operator):
        return True
    of_office = [each for each in roster.members if each.agency == person.office]
    if person.has(Role.auditor) and any(each.id in charter.auditors for each in of_office):
        return True
    unit = None if charter.linkage_unit is None else charter.linkage_unit.dpo
    return person.has(Role.dpo) and any(
        is_officer(charter, each) or each.id == unit for each in of_office
    )
