"""The gate of a transfer of attributes: the run gate's rules, then those of the transfer.

Everyone who holds the log judges every rule; no rule needs opened facts.
"""

from __future__ import annotations

from datetime import timedelta

from policy.charter import Charter
from policy.gates.cases import run_case
from policy.gates.decision import GateOutcome, refusal, run_gate, waiting
from policy.gates.rules import GATES, SettledBy, TransferCase
from policy.gates.rules.case import TransferVoteFact
from policy.members.entitled import is_approver_of, is_officer_of
from policy.members.roster import Member, Roster
from policy.project import Entry, Project
from policy.statements import Destroyed, TransferRequest, TransferVote


def transfer_case(project: Project, request: Entry[TransferRequest], at: int) -> TransferCase:
    """The case of a request at that time (Unix seconds); the request need not be in the log yet."""
    asked, charter = request.body, project.charter
    record = project.transfer(asked.transfer)
    release = project.release(asked.release)
    until = charter.retention.attributes_until or charter.retention.releases_until
    return TransferCase(
        run=run_case(project, at, release.run.order.statement if release.is_requested else None),
        requester=request.sender,
        domain=asked.domain,
        dataset=asked.dataset,
        recipient=asked.recipient,
        columns=asked.columns,
        permit=charter.shared(asked.dataset, asked.recipient),
        released=_is_released(project, asked),
        sent_before=_sent_before(project, asked, at),
        under_charter=request.statement.binding.charter == project.charter_digest,
        votes=tuple(_vote(project, each) for each in record.votes),
        expires=asked.expires,
        kept_until=until + timedelta(days=1),
        destroyed=any(
            each.sender == asked.recipient and each.body.what == "attributes"
            for each in project.of(Destroyed)
        ),
    )


def transfer_gate(case: TransferCase) -> GateOutcome:
    """Asks every rule of a transfer."""
    own = tuple(rule.check(case) for rule in GATES[case.run.charter.law].transfer)
    return GateOutcome(run_gate(case.run).findings + own)


def may_vote(charter: Charter, roster: Roster, sender: str, member: Member) -> bool:
    """Whether the member may vote on a transfer of this sender: its officer, or its approver."""
    officer = is_officer_of(charter, roster, sender, member)
    return officer or is_approver_of(roster, sender, member)


def _vote(project: Project, entry: Entry[TransferVote]) -> TransferVoteFact:
    sender = project.transfer(entry.body.transfer).sender
    member = project.sender_of(entry)
    officer = is_officer_of(project.charter, project.roster, sender, member)
    return TransferVoteFact(entry.sender, officer, entry.body.approves)


def _is_released(project: Project, asked: TransferRequest) -> bool:
    """Whether the release gave both sides a file of the domain, the recipient a membership one."""
    files = [each.file for each in project.release(asked.release).released_files]
    ours = [each for each in files if each.domain == asked.domain]
    sends = any(each.dataset == asked.dataset for each in ours)
    return sends and any(
        each.recipient == asked.recipient and each.form == "membership" for each in ours
    )


def _sent_before(project: Project, asked: TransferRequest, at: int) -> tuple[str, ...]:
    """Earlier transfers of one of these columns under the same match IDs, not expired unopened."""
    found = []
    for record in project.transfers():
        other = record.request.body
        same = (other.release, other.domain, other.dataset, other.recipient) == (
            asked.release,
            asked.domain,
            asked.dataset,
            asked.recipient,
        )
        shared = set(other.columns) & set(asked.columns)
        there = record.sent is not None and record.state(at) in ("sent", "received")
        if same and shared and there and record.name != asked.transfer:
            found.append(record.name)
    return tuple(found)


def require_passed(outcome: GateOutcome) -> None:
    """Checks every rule; raises Refused, or NotYet while only votes are missing."""
    require_in_order(outcome)
    for finding in outcome.findings:
        if not finding.passed:
            raise waiting(finding, finding.rule.remedy)


def require_in_order(outcome: GateOutcome) -> None:
    """Checks the rules that votes do not settle; raises Refused with the first that fails."""
    for finding in outcome.findings:
        if not finding.passed and finding.rule.settled_by is not SettledBy.APPROVALS:
            raise refusal(finding, finding.rule.remedy)
