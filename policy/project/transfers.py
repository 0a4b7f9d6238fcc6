"""A transfer of attributes, read from a project's log by name: request, votes, sending, receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from policy.members.entitled import is_approver_of, is_officer_of
from policy.members.roster import Member
from policy.project.log import Entry
from policy.project.problems import taken
from policy.project.records import is_key_valid
from policy.statements import TransferReceived, TransferRequest, TransferSent, TransferVote

if TYPE_CHECKING:
    from policy.project.project import Project


TransferState = Literal["voting", "approved", "sent", "received", "refused", "expired"]


@dataclass(frozen=True, eq=False)
class TransferRecord:
    """One transfer. It looks everything up in the log and stores nothing."""

    project: Project
    name: str

    @property
    def is_requested(self) -> bool:
        """Whether anybody has requested the transfer."""
        return self._requested() is not None

    @property
    def request(self) -> Entry[TransferRequest]:
        """The request; raises NotYet before the transfer was requested."""
        return taken(self._requested(), "request")

    @property
    def requester(self) -> Member:
        """The requesting member, as in the roster of that time."""
        return self.project.sender_of(self.request)

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
        return [each for each in self.words if not each.body.approves or self._counts(each)]

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

    def _counts(self, vote: Entry[TransferVote]) -> bool:
        under_charter = vote.statement.binding.charter == self.project.charter_digest
        return under_charter and is_key_valid(self.project, vote)

    def _requested(self) -> Entry[TransferRequest] | None:
        return self.project.first_named(TransferRequest, self.name)
