"""Who may read the counts of a run and of its stages, and which parties are one recipient.

Under the first law, an owner read its lists in bands after every run, and its approver opened the
exact facts of every run. This leaked: a party could order a run over a few known members, one
target and invented rows, and the band told whether the target matched. Since the second law:

before a stage    nobody at an owner's agency reads a count in any form
a stage           approvers and officers open its facts, except those of the requester's own
                  agency; counts of the run beyond its stages stay closed to them
auditors          open all facts of the charter's projects, as before
"""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.base.errors import Refused
from policy.base.words import Words
from policy.charter import FIRST_LAW, Charter
from policy.crypto.envelope import Binding
from policy.formats.ask import FACTS_SEAL_TYPE
from policy.members.entitled import may_decide, may_see_facts
from policy.members.roster import Member, Roster
from policy.project import Entry, Project
from policy.statements import ReleaseRequest, Staged


def recipients(charter: Charter, roster: Roster) -> tuple[frozenset[str], ...]:
    """Parties that count as one recipient: those of one agency, or those the charter joins.

    Under the first law only the charter joins parties.
    """
    joined = list(charter.recipients())
    if charter.law == FIRST_LAW:
        return tuple(joined)
    merged: list[frozenset[str]] = []
    for group in joined:
        agencies = _agencies(roster, group)
        same = [each for each in merged if agencies & _agencies(roster, each)]
        merged = [each for each in merged if each not in same]
        merged.append(group.union(*same))
    return tuple(merged)


def facts_binding(project: Project, commitment: str, recipient: str) -> Binding:
    """The binding of facts that the service seals to one member."""
    service = project.roster.service().id
    return project.binding(
        FACTS_SEAL_TYPE, sender=service, recipient=recipient, manifest=commitment
    )


def may_open_facts(project: Project, commitment: str, member: Member) -> bool:
    """Whether this member may open the facts behind a commitment of the log."""
    charter, roster = project.charter, project.roster
    if member.id in charter.auditors or charter.law == FIRST_LAW:
        return may_see_facts(charter, roster, member)
    stages = (e for e in project.of(Staged) if e.body.facts == commitment)
    return may_decide(charter, roster, member) and any(
        member.agency not in _asking(project, stage) for stage in stages
    )


def require_bands(charter: Charter) -> None:
    """Checks that owners read their lists in bands after a run; raises Refused otherwise."""
    if charter.law == FIRST_LAW:
        return
    raise Refused(
        PolicyCode.COUNTS_CLOSED,
        Words(
            "Sebelum rilis, pemilik data tidak membaca hitungan pemadanan, secara kasar pun tidak.",
            "Before a release, data owners read no counts of a run, not even in bands.",
        ),
        Words(
            "Ajukan rilis dengan 'padan-policy request'; penyetuju instansi lain membaca"
            " hitungan tahapannya.",
            "Ask for a release with 'padan-policy request'; approvers of other agencies read the"
            " counts of its stage.",
        ),
    )


def _asking(project: Project, stage: Entry[Staged]) -> frozenset[str]:
    """The agencies that count as one recipient with the requester of this stage."""
    request = project.entry(stage.body.request, ReleaseRequest)
    groups = recipients(project.charter, project.roster)
    party = request.statement.sender
    own = next((each for each in groups if party in each), frozenset((party,)))
    return _agencies(project.roster, own)


def _agencies(roster: Roster, members: frozenset[str]) -> frozenset[str]:
    return frozenset(roster.member(each).agency for each in members)
