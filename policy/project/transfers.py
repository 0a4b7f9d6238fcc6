"""A transfer of attributes, read from a project's log by name: request, votes, sending, receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy.members.entitled import is_approver_of, is_officer_of
from policy.project.log import Entry
from policy.project.requests import RequestRecord
from policy.statements import TransferReceived, TransferRequest, TransferSent, TransferVote

TransferState = Literal["voting", "approved", "sent", "received", "refused", "expired"]


@dataclass(frozen=True, eq=False)
class TransferRecord(RequestRecord[TransferRequest]):
    """One transfer: request, votes, sealed file, receipt."""

    @property
    def sender(self) -> str:
        """The member who owns the dataset."""
        return self.project.charter.dataset(self.request.body.dataset).owner

    @property
    def recipient_dataset(self) -> str:
        """The dataset whose rows get the attributes."""
        asked = self.request.body
        domain = self.project.charter.domain(asked.domain)
        return next(each for each in domain.datasets if each != asked.dataset)

    @property
    def words(self) -> list[Entry[TransferVote]]:
        """The last word of each voter."""
        last = {each.sender: each for each in self.project.named(TransferVote, self.name)}
        return sorted(last.values(), key=lambda entry: entry.index)

    @property
    def votes(self) -> list[Entry[TransferVote]]:
        """The votes that count: each no, and a yes under the charter in force with a valid key."""
        return [each for each in self.words if not each.body.approves or self.counts(each)]

    @property
    def sent(self) -> Entry[TransferSent] | None:
        """The decision with the sealed file; None before it is sent."""
        return self.project.first_named(TransferSent, self.name)

    @property
    def received(self) -> Entry[TransferReceived] | None:
        """The recipient's receipt; None before it opened the file."""
        return self.project.first_named(TransferReceived, self.name)

    @property
    def is_refused(self) -> bool:
        """Whether a voter said no."""
        return any(not each.body.approves for each in self.words)

    def state(self, at: int) -> TransferState:
        """How far the transfer is at that time (Unix seconds)."""
        if self.received is not None:
            return "received"
        if self.is_refused:
            return "refused"
        ends = self.request.body.expires if self.sent is None else self.sent.body.expires
        if at > ends:
            return "expired"
        if self.sent is not None:
            return "sent"
        return "voting" if self.awaited() else "approved"

    def awaited(self) -> tuple[str, ...]:
        """The members who may still give a vote that is missing; empty if none is."""
        charter, roster = self.project.charter, self.project.roster
        yes = {each.sender for each in self.votes if each.body.approves} - {self.requester.id}
        officers = {m.id for m in roster.members if is_officer_of(charter, roster, self.sender, m)}
        able = {m.id for m in roster.members if is_approver_of(roster, self.sender, m)}
        approvers = able - officers - {self.requester.id}
        lacking = [each for each in (approvers, officers) if not each & yes]
        return tuple(sorted(set().union(*lacking)))

    def _requested(self) -> Entry[TransferRequest] | None:
        return self.project.first_named(TransferRequest, self.name)
