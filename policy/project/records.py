"""A run and a release, read from a project's log: what was said of each, under its name.

A record is a name and a project; it looks things up in the indices of the log and keeps nothing.
In a log that broke the law, a reference and a name can disagree. A record then follows the
references: a run is the one that its end names, the files are those that the decision names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from policy.base.dates import at_second
from policy.charter import FIRST_LAW
from policy.members.roster import Member
from policy.project.log import Entry
from policy.project.problems import taken
from policy.statements import (
    Approval,
    ApprovalWithdrawn,
    Counted,
    Decided,
    Received,
    ReleaseRequest,
    Rerun,
    RunFinished,
    RunOrder,
    Staged,
    StagedFile,
)

if TYPE_CHECKING:
    from policy.project.project import Project


@dataclass(frozen=True, eq=False)
class RunRecord:
    """One run: its order, its end once it has one, and what auditors found on repeating it."""

    project: Project
    name: str
    finished: Entry[RunFinished] | None

    @property
    def is_ordered(self) -> bool:
        return self._ordered() is not None

    @property
    def order(self) -> Entry[RunOrder]:
        """Raises NotYet before it was ordered."""
        if self.finished is not None:
            return self.project.entry(self.finished.body.order, RunOrder)
        return taken(self._ordered(), "order")

    @property
    def counted(self) -> Counted | None:
        """What the service counted in other projects when the order came in."""
        return self.project.counted(self.order.statement)

    @property
    def reruns(self) -> list[Entry[Rerun]]:
        """What auditors said of it, in the order of the log."""
        return self.project.named(Rerun, self.name)

    def require_finished(self) -> Entry[RunFinished]:
        """The statement of its end; raises NotYet before."""
        return taken(self.finished, "run")

    def before_order(self) -> Project:
        """The project whose rows it matched: the log up to its order."""
        return self.project.until(self.order.index)

    def _ordered(self) -> Entry[RunOrder] | None:
        return self.project.first_named(RunOrder, self.name)


@dataclass(frozen=True, eq=False)
class ReleaseRecord:
    """One release: request, stages, votes, decision, receipts."""

    project: Project
    name: str

    @property
    def is_requested(self) -> bool:
        return self._requested() is not None

    @property
    def request(self) -> Entry[ReleaseRequest]:
        """Raises NotYet before anybody asked for it."""
        return taken(self._requested(), "request")

    @property
    def requester(self) -> Member:
        """As the roster had that member then."""
        return self.project.sender_of(self.request)

    @property
    def domains(self) -> tuple[str, ...]:
        """The ID domains that were asked for."""
        return self.request.body.domains

    @property
    def run(self) -> RunRecord:
        """The run that was asked about."""
        return self.project.run(self.request.statement.binding.run)

    @property
    def stages(self) -> list[Entry[Staged]]:
        return self.project.named(Staged, self.name)

    @property
    def stage(self) -> Entry[Staged] | None:
        """What is decided on; since the second law the last stage, each without more rows."""
        stages = self.stages
        if not stages or self.project.charter.law == FIRST_LAW:
            return next(iter(stages), None)
        return stages[-1]

    def require_stage(self) -> Entry[Staged]:
        """Raises NotYet before it was staged."""
        return taken(self.stage, "stage")

    # -- what approvers said ------------------------------------------------------------------

    @property
    def words(self) -> list[Entry[Approval]]:
        """Every yes and no that was ever said, whether it counts or not."""
        return self.project.named(Approval, self.name)

    @property
    def votes(self) -> list[Entry[Approval]]:
        """Yes and no, as the charter in force lets them count.

        Under the second law a yes was given to one stage, under the version of the charter that
        it names, and ends with either; so does one whose key was revoked since. A no stays.
        """
        if self.project.charter.law == FIRST_LAW:
            return self.words
        stage = self.stage
        return [vote for vote in self.words if not vote.body.approves or self._is_of(vote, stage)]

    @property
    def approvals(self) -> list[Entry[Approval]]:
        """The votes without the ones withdrawn."""
        taken_back = self.project.named(ApprovalWithdrawn, self.name)
        withdrawn = {each.body.approval for each in taken_back}
        return [each for each in self.votes if each.digest not in withdrawn]

    # -- how it ended -------------------------------------------------------------------------

    @property
    def decision(self) -> Entry[Decided] | None:
        return self.project.first_named(Decided, self.name)

    def require_decision(self) -> Entry[Decided]:
        """Raises NotYet before it was decided."""
        return taken(self.decision, "decision")

    @property
    def is_decided(self) -> bool:
        return self.decision is not None

    @property
    def is_released(self) -> bool:
        return self.decision is not None and self.decision.body.is_released

    @property
    def is_refused(self) -> bool:
        return self.decision is not None and not self.decision.body.is_released

    def at_decision(self) -> ReleaseRecord:
        """The record as the decision found it; before a decision, as it is now."""
        if self.decision is None:
            return self
        return ReleaseRecord(self.project.until(self.decision.index), self.name)

    @property
    def released_stage(self) -> Entry[Staged] | None:
        """The stage that the decision let out; None unless it was released."""
        decision = self.decision
        if decision is None or not decision.body.is_released:
            return None
        return self.project.entry(decision.body.stage, Staged)

    @property
    def released_files(self) -> tuple[ReleasedFile, ...]:
        """What was let out; nothing unless it was released."""
        stage = self.released_stage
        return tuple(ReleasedFile(self, file) for file in stage.body.files) if stage else ()

    @property
    def recipients(self) -> frozenset[str]:
        """The members to whom a file was let out."""
        return frozenset(each.file.recipient for each in self.released_files)

    # -- what recipients said -----------------------------------------------------------------

    @property
    def receipts(self) -> list[Entry[Received]]:
        """Receipts and complaints of all files, in the order of the log."""
        return self.project.named(Received, self.name)

    def receipts_of(self, file: StagedFile) -> list[Entry[Received]]:
        """Receipts and complaints of one file."""
        wanted = (file.dataset, file.domain)
        return [e for e in self.receipts if (e.body.dataset, e.body.domain) == wanted]

    def has_receipt(self, file: StagedFile) -> bool:
        """Whether its recipient has said that it opened the file."""
        return any(not each.body.is_complaint for each in self.receipts_of(file))

    def has_complaint(self, file: StagedFile) -> bool:
        """Whether its recipient has said that another file came."""
        return any(each.body.is_complaint for each in self.receipts_of(file))

    def _is_of(self, vote: Entry[Approval], stage: Entry[Staged] | None) -> bool:
        """Whether it was said of this stage, under the charter in force, with a valid key."""
        of_stage = stage is not None and vote.body.stage == stage.digest
        under_charter = vote.statement.binding.charter == self.project.charter_digest
        return of_stage and under_charter and self._is_key_valid(vote)

    def _is_key_valid(self, vote: Entry[Approval]) -> bool:
        """Whether the roster in force lets the key that signed an approval sign on that day."""
        roster = self.project.roster
        if vote.statement.binding.roster == self.project.roster_digest:
            return True
        now = roster.member(vote.sender) if roster.has_member(vote.sender) else None
        return (
            now is not None
            and now.signing_key == self.project.sender_of(vote).signing_key
            and now.may_sign(vote.body.at)
        )

    def _requested(self) -> Entry[ReleaseRequest] | None:
        return self.project.first_named(ReleaseRequest, self.name)


@dataclass(frozen=True, eq=False)
class ReleasedFile:
    """One file that was let out, and what its recipient said of it."""

    release: ReleaseRecord
    file: StagedFile

    @property
    def is_opened(self) -> bool:
        """Whether its recipient has signed that it was opened."""
        return self.release.has_receipt(self.file)

    @property
    def received(self) -> Received | None:
        """The first that its recipient said of it: a receipt or a complaint."""
        said = self.release.receipts_of(self.file)
        return said[0].body if said else None

    @property
    def received_at(self) -> datetime | None:
        """When that was said."""
        return at_second(self.received.at) if self.received else None
