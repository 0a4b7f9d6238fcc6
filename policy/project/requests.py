"""What is common to requests on which members vote: releases, and transfers of attributes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from policy.members.roster import Member
from policy.project.log import Entry
from policy.project.problems import taken
from policy.statements import (
    Approval,
    ReleaseRequest,
    ReviewApproved,
    TransferRequest,
    TransferVote,
)

if TYPE_CHECKING:
    from policy.project.project import Project

Request = TypeVar("Request", ReleaseRequest, TransferRequest)
Vote = Entry[Approval] | Entry[TransferVote] | Entry[ReviewApproved]


@dataclass(frozen=True, eq=False)
class RequestRecord(ABC, Generic[Request]):
    """A request by name. It looks everything up in the project's log and stores nothing."""

    project: Project
    name: str

    @property
    def is_requested(self) -> bool:
        """Whether anybody has made the request."""
        return self._requested() is not None

    @property
    def request(self) -> Entry[Request]:
        """The request; raises NotYet before it was made."""
        return taken(self._requested(), "request")

    @property
    def requester(self) -> Member:
        """The requesting member, as in the roster of that time."""
        return self.project.sender_of(self.request)

    def counts(self, vote: Vote) -> bool:
        """Whether a yes was given under the charter in force, with a key that is still valid."""
        under_charter = vote.statement.binding.charter == self.project.charter_digest
        return under_charter and is_key_valid(self.project, vote)

    @abstractmethod
    def _requested(self) -> Entry[Request] | None:
        """The first request of this name."""


def is_key_valid(project: Project, vote: Vote) -> bool:
    """Whether the roster in force allows the vote's key to sign on the day of the vote."""
    roster = project.roster
    if vote.statement.binding.roster == project.roster_digest:
        return True
    now = roster.member(vote.sender) if roster.has_member(vote.sender) else None
    return (
        now is not None
        and now.signing_key == project.sender_of(vote).signing_key
        and now.may_sign(vote.body.at)
    )
