"""Whose yes a staged release still needs, by the rules that votes settle.

1. Approvers of agencies that have not said yes, without the requester's agency and those that run
   or audit the service, until enough agencies have.
2. A data protection officer, if the charter asks for that.
3. An approver and the officer of the owner of a sensitive list, and an approver of each walidata.

Others who may decide can still refuse; nobody waits for their yes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policy.charter import FIRST_LAW
from policy.gates.rules import ReleaseCase
from policy.members.entitled import is_approver, is_officer
from policy.members.roster import Member
from policy.members.separation import hindrance


@dataclass(frozen=True)
class AwaitedVotes:
    """`agencies` is how many other agencies' yes is missing; `people` are those who can say it, and
    those of whom another rule asks a yes.
    """

    agencies: int
    people: frozenset[str]


def awaited_votes(case: ReleaseCase, said: Iterable[str] = ()) -> AwaitedVotes:
    """What this case lacks; `said` are members who cannot say yes, as they spoke or asked."""
    charter, roster = case.run.charter, case.run.roster
    yes = [each for each in case.approvals if each.approves and case.at <= each.expires]
    officers = [each for each in roster.members if is_officer(charter, each)]
    approvers = [
        each
        for each in roster.members
        if is_approver(charter, roster, each) and each not in officers and _counts(case, each)
    ]
    own, able = case.requester_agency, {each.id for each in approvers}
    agreed = {each.agency for each in yes if not each.dpo}
    other = {each.agency for each in yes if each.member in able} - {own}
    missing = max(0, charter.release.approvals - len(other))
    people: set[str] = set()
    if missing:
        people |= {each.id for each in approvers if each.agency not in other | {own}}
    if charter.release.dpo_approval and not any(each.dpo for each in yes):
        people |= {each.id for each in officers}
    asked = {
        dataset
        for domain in map(charter.domain, case.domains)
        for dataset in map(charter.dataset, domain.datasets)
    }
    wanted = {roster.member(each.owner).agency for each in asked if each.needs_double_approval}
    if charter.law != FIRST_LAW:
        publishers = {charter.walidata_of(each.owner) for each in asked} - {None}
        wanted |= {roster.member(each).agency for each in publishers if each} - {own}
    people |= {each.id for each in approvers if each.agency in wanted - agreed}
    double = {charter.party(each.owner).dpo for each in asked if each.needs_double_approval}
    people |= {each for each in double if each} - {each.member for each in yes}
    return AwaitedVotes(missing, frozenset(people) - frozenset(said))


def _counts(case: ReleaseCase, member: Member) -> bool:
    return hindrance(case.run.charter, case.run.roster, member) is None
