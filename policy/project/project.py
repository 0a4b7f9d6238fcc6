"""A project as its log shows it: members, agreement and statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from policy.base.error_codes import PolicyCode
from policy.charter import Charter
from policy.crypto.envelope import Binding
from policy.members.roster import Member, Roster
from policy.members.succession import Rosters
from policy.project.agreement import CharterSignatures, agreement_of
from policy.project.log import Entry, Log, count_before, sealed_of
from policy.project.problems import not_yet
from policy.project.records import ReleaseRecord, RunRecord
from policy.project.transfers import TransferRecord
from policy.project.view import LogView
from policy.statements import (
    Accepted,
    AnyBody,
    BundleManifest,
    CharterBody,
    Committed,
    Confirmed,
    Counted,
    Decided,
    Delta,
    ReleaseRequest,
    Revealed,
    RosterBody,
    RunFinished,
    RunOrder,
    Statement,
    TransferRequest,
    Withdrawn,
)

B = TypeVar("B", bound=AnyBody)
# The kinds of statements that count no more once an amendment drops a party.
_CEREMONY = (Committed, Revealed, Confirmed)


@dataclass
class Project(LogView):
    """A project's state, derived from its log alone; `until` gives an earlier state.

    `first` is the log's first roster, or the roster that an empty log will start with.
    """

    first: Roster
    log: Log = field(default_factory=Log)
    end: int | None = None
    _agreed: tuple[int, CharterSignatures] | None = field(default=None, repr=False, compare=False)
    _succeeded: tuple[int, Roster, str] | None = field(default=None, repr=False, compare=False)

    @property
    def roster(self) -> Roster:
        """The roster in force: the latest one in the log."""
        return self._last_roster()[0]

    @property
    def roster_digest(self) -> str:
        return self._last_roster()[1]

    def _last_roster(self) -> tuple[Roster, str]:
        entries = self.of(RosterBody)
        if self._succeeded is None or self._succeeded[0] != len(entries):
            last: Roster = entries[-1].body if entries else self.first
            self._succeeded = (len(entries), last, last.digest())
        return self._succeeded[1:]

    @property
    def rosters(self) -> Rosters:
        """All rosters of the log, each with the log size from which it is in force."""
        later = ((e.index + 1, e.body) for e in self.of(RosterBody) if e.index)
        return Rosters(self.first, tuple(later))

    def roster_at(self, entry: Entry) -> Roster:
        """The roster that was in force at an entry; the entry is judged by it."""
        return self.until(entry.index).roster

    def sender_of(self, entry: Entry) -> Member:
        """The sender of an entry, from the roster in force then; raises Refused for a stranger."""
        return self.roster_at(entry).member(entry.statement.sender)

    def known(self, member_id: str) -> Member:
        """A member of any roster of this log, from the latest that has it; raises Refused."""
        holding = [roster for roster in self.rosters.all if roster.has_member(member_id)]
        return (holding[-1] if holding else self.roster).member(member_id)

    @property
    def charter(self) -> Charter:
        """The charter in force: the latest version that all its parties signed.

        Before all parties signed a version, this is the proposal with the most signatures. Raises
        NotYet if there is no signature at all.
        """
        return self._signature().body

    @property
    def charter_digest(self) -> str:
        return self._signature().statement.binding.charter

    def _signature(self) -> Entry[CharterBody]:
        """One signature on the charter in force."""
        signatures = self.of(CharterBody)
        if not signatures:
            raise not_yet(
                PolicyCode.PROJECT_WAIT_CHARTER,
                "Piagam belum diajukan.",
                "No charter has been proposed yet.",
            )
        return self._agreement(signatures).signature

    def _agreement(self, signatures: list[Entry[CharterBody]]) -> CharterSignatures:
        """The agreement that these signatures make; computed again after a new signature."""
        if self._agreed is None or self._agreed[0] != len(signatures):
            self._agreed = (len(signatures), agreement_of(signatures))
        return self._agreed[1]

    @property
    def in_force(self) -> bool:
        """Whether all parties of one charter have signed it."""
        signatures = self.of(CharterBody)
        return bool(signatures) and self._agreement(signatures).in_force

    @property
    def ceremony(self) -> int:
        """Index at which the key ceremony starts; an amendment that drops a party restarts it."""
        signatures = super().of(CharterBody)
        return self._agreement(signatures).ceremony if signatures else 0

    def proposals(self) -> tuple[Charter, ...]:
        """The charter in force; while there is none, every proposed charter."""
        if self.in_force:
            return (self.charter,)
        signed = {e.statement.binding.charter: e for e in self.of(CharterBody)}
        return tuple(entry.body for entry in signed.values())

    def signatures(self, charter_digest: str) -> list[Entry[CharterBody]]:
        """The signatures on one version."""
        return [e for e in self.of(CharterBody) if e.statement.binding.charter == charter_digest]

    def signed_by(self) -> frozenset[str]:
        """The members who signed the charter in force."""
        return frozenset(e.statement.sender for e in self.signatures(self.charter_digest))

    @property
    def keyed_charter_digest(self) -> str:
        """The digest of the charter under which the epoch's keys were agreed.

        Amendments do not change it. Everything that depends on the keys is bound to it, so rows
        that were sealed before an amendment can be sent after it.
        """
        committed = self.of(Committed)
        return committed[0].statement.binding.charter if committed else self.charter_digest

    @property
    def keyed_roster_digest(self) -> str:
        """The digest of the roster in force at the first commitment, whatever rosters follow.

        It binds what depends on the epoch's keys, as `keyed_charter_digest` does.
        """
        committed = self.of(Committed)
        return committed[0].statement.binding.roster if committed else self.roster_digest

    def binding(
        self,
        kind: str,
        *,
        sender: str,
        recipient: str,
        manifest: str = "",
        run: str = "",
        charter: str | None = None,
        roster: str | None = None,
    ) -> Binding:
        """The binding of a seal in this project, by default under the charter and roster in force.

        Sealing and opening must use the same binding.
        """
        return Binding(
            type=kind,
            project=self.charter.project,
            epoch=self.charter.epoch,
            charter=self.charter_digest if charter is None else charter,
            roster=self.roster_digest if roster is None else roster,
            run=run,
            sender=sender,
            recipient=recipient,
            manifest=manifest,
        )

    def until(self, size: int) -> Project:
        """The project as of its first `size` entries; entries appended later do not change it."""
        end = min(size, self.size)
        return Project(self.first, self.log, end, self._agreed, self._succeeded)

    def of(self, kind: type[B]) -> list[Entry[B]]:
        """The entries of one kind. Of the key ceremony, only those of the ceremony that counts."""
        found = super().of(kind)
        return found[count_before(found, self.ceremony) :] if kind in _CEREMONY else found

    def accepted(self, since: int = 0) -> list[Entry]:
        """Bundles and deltas whose intake is at this index or later, in the order of intake."""
        intakes = self.of(Accepted)
        return [self.entry(e.body.bundle) for e in intakes[count_before(intakes, since) :]]

    def bundles(self) -> dict[str, Entry[BundleManifest]]:
        """The accepted bundle of each dataset."""
        accepted = (e for e in self.accepted() if isinstance(e.body, BundleManifest))
        bundles = (entry.of_kind(BundleManifest) for entry in accepted)
        return {bundle.body.dataset: bundle for bundle in bundles}

    def commitments(self) -> dict[str, Entry]:
        """For each dataset its current commitment: its bundle or latest delta."""
        return {sealed_of(e).dataset: e for e in self.accepted()}

    def deltas(self, since: int = 0) -> list[Delta]:
        """Deltas whose intake is at this index or later, in order."""
        bodies = (entry.body for entry in self.accepted(since))
        return [body for body in bodies if isinstance(body, Delta)]

    def withdrawals(self, since: int = 0, until: int | None = None) -> list[Withdrawn]:
        """Withdrawals at the indices since..until-1 of the log."""
        view = self if until is None else self.until(until)
        withdrawn = view.of(Withdrawn)
        return [e.body for e in withdrawn[count_before(withdrawn, since) :]]

    # -- runs and releases --------------------------------------------------------------------

    def run(self, name: str) -> RunRecord:
        """The run of that name, ordered or not."""
        return RunRecord(self, name, self.first_named(RunFinished, name))

    def run_ended_by(self, digest: str) -> RunRecord:
        """The run that this statement ended; raises Refused if it does not end a run."""
        finished = self.entry(digest, RunFinished)
        return RunRecord(self, finished.statement.binding.run, finished)

    def runs(self) -> list[RunRecord]:
        """Every run that was ordered, in the order of the log."""
        return [self.run(order.statement.binding.run) for order in self.of(RunOrder)]

    def counted(self, order: Statement) -> Counted | None:
        """The service's count of runs in its other projects when this order came in; or None."""
        counts = (entry.body for entry in self.named(Counted, order.binding.run))
        return next((each for each in counts if each.order == order.digest), None)

    def release(self, name: str) -> ReleaseRecord:
        """The release of that name, requested or not."""
        return ReleaseRecord(self, name)

    def releases(self) -> list[ReleaseRecord]:
        """Every requested release, in the order of the log."""
        return [self.release(request.body.release) for request in self.of(ReleaseRequest)]

    def released(self) -> list[Entry[Decided]]:
        """The decisions that released files."""
        return [decision for decision in self.of(Decided) if decision.body.is_released]

    # -- transfers of attributes --------------------------------------------------------------

    def transfer(self, name: str) -> TransferRecord:
        """The transfer of that name, requested or not."""
        return TransferRecord(self, name)

    def transfers(self) -> list[TransferRecord]:
        """Every requested transfer, in the order of the log."""
        return [self.transfer(request.body.transfer) for request in self.of(TransferRequest)]
