"""A transfer of attributes as those who request it, decide on it and look at it see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from policy.approval.explain import Explanation, Reason
from policy.base.dates import at_second, long_moment
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import SharedAttributes
from policy.charter.attributes import SharedColumn
from policy.crypto.envelope import Envelope
from policy.gates.decision import GateOutcome
from policy.gates.rules import Finding
from policy.gates.transfers import may_vote, transfer_case, transfer_gate
from policy.law.in_time import DAY_SECONDS
from policy.law.transfers import require_transfer
from policy.members.roster import Member
from policy.project import Project, TransferRecord
from policy.project.progress import TRANSFER_STATES
from policy.project.transfers import TransferState
from policy.statements import TransferRequest, TransferVote
from policy.wire.session import Session


@dataclass(frozen=True)
class AskedTransfer:
    """One transfer at a time (Unix seconds), with the findings of its rules."""

    record: TransferRecord
    at: int

    @property
    def permit(self) -> SharedAttributes | None:
        """What the charter lets the sender share with this recipient."""
        asked = self._asked
        return self.record.project.charter.shared(asked.dataset, asked.recipient)

    @cached_property
    def outcome(self) -> GateOutcome:
        """The findings: of its sending once it was sent, else of now."""
        sent = self.record.sent
        if sent is None:
            case = transfer_case(self.record.project, self.record.request, self.at)
        else:
            before = self.record.project.until(sent.index)
            case = transfer_case(before, self.record.request, sent.body.at)
        return transfer_gate(case)

    @property
    def own_findings(self) -> tuple[Finding, ...]:
        """The findings of the transfer's own rules; of the run gate only those that fail."""
        all_ = self.outcome.findings
        return tuple(f for f in all_ if f.rule.id.startswith("transfer.") or not f.passed)

    @property
    def columns(self) -> tuple[SharedColumn, ...]:
        """The requested columns, with title and data class, as far as the charter permits them."""
        named = (self.permit.column(c) if self.permit else None for c in self._asked.columns)
        return tuple(each for each in named if each is not None)

    @property
    def citations(self) -> tuple[str, ...]:
        """What justifies the transfer; last what lifts statistical confidentiality, if it does."""
        if self.permit is None:
            return ()
        lifting = [self.permit.confidentiality] if self.permit.confidentiality else []
        return tuple(each.text for each in (*self.permit.citations, *lifting))

    @property
    def state(self) -> TransferState:
        return self.record.state(self.at)

    def word_of(self, member: str) -> TransferVote | None:
        """The member's last vote."""
        said = [each.body for each in self.record.words if each.sender == member]
        return said[-1] if said else None

    def awaits(self, member: str) -> bool:
        """Whether a vote of this member is missing."""
        return self.state == "voting" and member in self.record.awaited()

    def open_to(self, member: Member) -> bool:
        """Whether this member can vote: nothing was sent, and it has not refused yet."""
        project, said = self.record.project, self.word_of(member.id)
        able = may_vote(project.charter, project.roster, self.record.sender, member)
        return able and self.state in ("voting", "approved") and (said is None or said.approves)

    @property
    def _asked(self) -> TransferRequest:
        return self.record.request.body

    def explained(self) -> Explanation:
        """Who asked for what, how far it is, and the rules."""
        asked, who = self.record.request.body, self.record.requester
        state = TRANSFER_STATES[self.record.state(self.at)]
        columns, when = ", ".join(asked.columns), long_moment(at_second(self.at))
        awaited = ", ".join(self.record.awaited())
        waits = state == TRANSFER_STATES["voting"] and bool(awaited)
        lead = Words(
            f"{who.name} ({who.agency}) meminta kolom {columns} dari {asked.dataset} untuk"
            f" {asked.recipient}, pada domain {asked.domain} dari {asked.release}. Keadaan"
            f" {self.record.name} pada {when.id}: {state.id}."
            + (f" Yang ditunggu: {awaited}." if waits else ""),
            f"{who.name} ({who.agency}) asked for the columns {columns} of {asked.dataset} for"
            f" {asked.recipient}, in the domain {asked.domain} of {asked.release}. State of"
            f" {self.record.name} on {when.en}: {state.en}."
            + (f" Awaited: {awaited}." if waits else ""),
        )
        findings = self.outcome.findings
        against = tuple(Reason(f.rule, f.reason) for f in findings if not f.passed)
        return Explanation(lead, against, tuple(f.rule for f in findings if f.passed))


def look_at_transfer(session: Session, name: str, at: int) -> AskedTransfer:
    """The transfer as the service has it; raises Refused if nobody asked for it."""
    return AskedTransfer(require_transfer(session.sync(), name), at)


def ask_transfer(
    session: Session,
    release: str,
    domain: str,
    dataset: str,
    columns: Sequence[str],
    name: str | None,
    at: int,
) -> TransferRecord:
    """Request a transfer, or find the open request for the same; without columns, all permitted.

    Raises Refused if a rule forbids it.
    """
    project = session.sync()
    recipient = _recipient(project, domain, dataset)
    permit = project.charter.shared(dataset, recipient)
    wanted = tuple(columns) or tuple(each.name for each in (permit.columns if permit else ()))
    if not wanted:
        raise _nothing(dataset, recipient)
    for record in project.transfers():
        asked = record.request.body
        same = (asked.release, asked.domain, asked.dataset, asked.columns) == (
            release,
            domain,
            dataset,
            wanted,
        )
        if same and name in (None, record.name) and record.state(at) not in ("refused", "expired"):
            return record
    body = TransferRequest(
        at=at,
        transfer=name or _new_name(project),
        release=release,
        domain=domain,
        dataset=dataset,
        recipient=recipient,
        columns=wanted,
        expires=at + project.charter.release.stage_valid_days * DAY_SECONDS,
    )
    session.say(body, run=body.transfer)
    return session.project.transfer(body.transfer)


def vote_on(session: Session, asked: AskedTransfer, *, refuse: bool) -> Envelope:
    """This member's signed vote, checked against the log; raises if it is not lawful."""
    body = TransferVote(
        at=asked.at,
        transfer=asked.record.name,
        request=asked.record.request.digest,
        verdict="refuse" if refuse else "approve",
    )
    envelope = session.statement(body, run=asked.record.name, manifest=asked.record.request.digest)
    session.require_lawful(envelope)
    return envelope


def _recipient(project: Project, domain: str, dataset: str) -> str:
    """The owner of the domain's other dataset; of the first other one if it has several."""
    project.charter.dataset(dataset)
    others = [each for each in project.charter.domain(domain).datasets if each != dataset]
    return project.charter.dataset(others[0]).owner


def _new_name(project: Project) -> str:
    taken = {record.name for record in project.transfers()}
    return next(name for name in (f"atribut-{n}" for n in count(1)) if name not in taken)


def _nothing(dataset: str, recipient: str) -> BadInput:
    return BadInput(
        PolicyCode.TRANSFER_NO_COLUMNS,
        Words(
            f"Piagam tidak menyebut kolom {dataset} yang boleh dikirim kepada {recipient}.",
            f"The charter names no column of {dataset} that may be sent to {recipient}.",
        ),
        Words(
            "Sepakati 'attributes' dalam perubahan piagam.",
            "Agree on 'attributes' by an amendment of the charter.",
        ),
    )
