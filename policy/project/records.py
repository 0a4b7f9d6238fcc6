"""A run and a release, read from a project's log by name.

A record consists of a name and a project. It looks everything up in the log's indices and stores
nothing. In a log that broke the law, a reference and a name can disagree; a record then follows the
reference: the run is the one that its end names, the files are those that the decision names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from policy.base.dates import at_second
from policy.charter import FIRST_LAW
from policy.project.log import Entry
from policy.project.problems import taken
from policy.project.requests import RequestRecord
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
    """One run: its order, its end, and what auditors found when they repeated it."""

    project: Project
    name: str
    finished: Entry[RunFinished] | None

    @property
    def is_ordered(self) -> bool:
        """Whether the run was ordered."""
        return self._ordered() is not None

    @property
    def order(self) -> Entry[RunOrder]:
        """The order; raises NotYet before the run was ordered."""
        if self.finished is not None:
            return self.project.entry(self.finished.body.order, RunOrder)
        return taken(self._ordered(), "order")

    @property
    def counted(self) -> Counted | None:
        """The service's count of runs in other projects when the order came in; None before."""
        return self.project.counted(self.order.statement)

    @property
    def reruns(self) -> list[Entry[Rerun]]:
        """The auditors' statements on reruns of this run, in the order of the log."""
        return self.project.named(Rerun, self.name)

    def require_finished(self) -> Entry[RunFinished]:
        """The statement that ends the run; raises NotYet while the run has no end."""
        return taken(self.finished, "run")

    def before_order(self) -> Project:
        """The log up to the order, and so the project whose rows the run matched."""
        return self.project.until(self.order.index)

    def _ordered(self) -> Entry[RunOrder] | None:
        return self.project.first_named(RunOrder, self.name)


@dataclass(frozen=True, eq=False)
class ReleaseRecord(RequestRecord[ReleaseRequest]):
    """One release: request, stages, votes, decision, receipts."""

    @property
    def domains(self) -> tuple[str, ...]:
        """The requested ID domains."""
        return self.request.body.domains

    @property
    def run(self) -> RunRecord:
        """The run whose results are requested."""
        return self.project.run(self.request.statement.binding.run)

    @property
    def stages(self) -> list[Entry[Staged]]:
        """All stages of the release, in the order of the log."""
        return self.project.named(Staged, self.name)

    @property
    def stage(self) -> Entry[Staged] | None:
        """The stage to decide on. Since the second law the last one; each leaves out more rows."""
        stages = self.stages
        if not stages or self.project.charter.law == FIRST_LAW:
            return next(iter(stages), None)
        return stages[-1]

    def require_stage(self) -> Entry[Staged]:
        """The stage to decide on; raises NotYet before the release was staged."""
        return taken(self.stage, "stage")

    # -- votes --------------------------------------------------------------------------------

    @property
    def words(self) -> list[Entry[Approval]]:
        """Every yes and no ever given, whether it counts or not."""
        return self.project.named(Approval, self.name)

    @property
    def votes(self) -> list[Entry[Approval]]:
        """The yes and no votes that count under the charter in force.

        Since the second law a yes is for one stage under one version of the charter. It ends when
        either is replaced, or when its key is revoked. A no remains.
        """
        if self.project.charter.law == FIRST_LAW:
            return self.words
        stage = self.stage
        return [vote for vote in self.words if not vote.body.approves or self._is_of(vote, stage)]

    @property
    def approvals(self) -> list[Entry[Approval]]:
        """The votes that were not withdrawn."""
        taken_back = self.project.named(ApprovalWithdrawn, self.name)
        withdrawn = {each.body.approval for each in taken_back}
        return [each for each in self.votes if each.digest not in withdrawn]

    # -- decision -----------------------------------------------------------------------------

    @property
    def decision(self) -> Entry[Decided] | None:
        """The decision; None before there is one."""
        return self.project.first_named(Decided, self.name)

    def require_decision(self) -> Entry[Decided]:
        """The decision; raises NotYet before there is one."""
        return taken(self.decision, "decision")

    @property
    def is_decided(self) -> bool:
        """Whether there is a decision."""
        return self.decision is not None

    @property
    def is_released(self) -> bool:
        """Whether the decision releases the stage."""
        return self.decision is not None and self.decision.body.is_released

    @property
    def is_refused(self) -> bool:
        """Whether the decision refuses the release."""
        return self.decision is not None and not self.decision.body.is_released

    def at_decision(self) -> ReleaseRecord:
        """The record at the time of the decision; before a decision, the record as of now."""
        if self.decision is None:
            return self
        return ReleaseRecord(self.project.until(self.decision.index), self.name)

    @property
    def released_stage(self) -> Entry[Staged] | None:
        """The released stage; None unless the decision released one."""
        decision = self.decision
        if decision is None or not decision.body.is_released:
            return None
        return self.project.entry(decision.body.stage, Staged)

    @property
    def released_files(self) -> tuple[ReleasedFile, ...]:
        """The released files; empty unless the decision released a stage."""
        stage = self.released_stage
        return tuple(ReleasedFile(self, file) for file in stage.body.files) if stage else ()

    @property
    def recipients(self) -> frozenset[str]:
        """The members to whom a file was released."""
        return frozenset(each.file.recipient for each in self.released_files)

    # -- receipts -----------------------------------------------------------------------------

    @property
    def receipts(self) -> list[Entry[Received]]:
        """Receipts and complaints of all files, in the order of the log."""
        return self.project.named(Received, self.name)

    def receipts_of(self, file: StagedFile) -> list[Entry[Received]]:
        """Receipts and complaints of one file."""
        wanted = (file.dataset, file.domain)
        return [e for e in self.receipts if (e.body.dataset, e.body.domain) == wanted]

    def has_receipt(self, file: StagedFile) -> bool:
        """Whether its recipient has signed that it opened the file."""
        return any(not each.body.is_complaint for each in self.receipts_of(file))

    def has_complaint(self, file: StagedFile) -> bool:
        """Whether its recipient has signed that it got another file."""
        return any(each.body.is_complaint for each in self.receipts_of(file))

    def _is_of(self, vote: Entry[Approval], stage: Entry[Staged] | None) -> bool:
        """Whether the vote is for this stage, under the charter in force, with a valid key."""
        of_stage = stage is not None and vote.body.stage == stage.digest
        return of_stage and self.counts(vote)

    def _requested(self) -> Entry[ReleaseRequest] | None:
        return self.project.first_named(ReleaseRequest, self.name)


@dataclass(frozen=True, eq=False)
class ReleasedFile:
    """One released file and its recipient's answer."""

    release: ReleaseRecord
    file: StagedFile

    @property
    def is_opened(self) -> bool:
        """Whether its recipient has signed that it opened the file."""
        return self.release.has_receipt(self.file)

    @property
    def received(self) -> Received | None:
        """The recipient's first answer: a receipt or a complaint."""
        said = self.release.receipts_of(self.file)
        return said[0].body if said else None

    @property
    def received_at(self) -> datetime | None:
        """The time of that answer."""
        return at_second(self.received.at) if self.received else None
