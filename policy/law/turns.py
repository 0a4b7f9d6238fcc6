"""Whose turn it is: every step that the law lets somebody take now, by the log alone.

`padan-policy status`, the local pages and the commands `go` all ask this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policy.charter import FIRST_LAW, Charter
from policy.gates.awaited_votes import awaited_votes
from policy.gates.cases import release_case
from policy.gates.decision import release_rules_without_facts
from policy.gates.rules import SettledBy
from policy.law.conditions import parties_missing, witnesses_missing
from policy.law.in_time import time_of
from policy.project import Entry, Project, ReleaseRecord, RunRecord, TransferRecord
from policy.project.row_counts import rows_gone
from policy.project.turn import Turn, TurnStep
from policy.statements import (
    AnyBody,
    CharterBody,
    Committed,
    Confirmed,
    Ended,
    EpochOpened,
    Revealed,
)
from policy.witnessing.cosigned import CosignedSize

_CEREMONY: tuple[tuple[type[AnyBody], TurnStep, type[AnyBody]], ...] = (
    (Committed, "commit", EpochOpened),
    (Revealed, "reveal", Committed),
    (Confirmed, "confirm", Revealed),
)


def turns(project: Project, cosigned: Iterable[CosignedSize], at: int) -> tuple[Turn, ...]:
    """The steps that are due at that time (Unix seconds), in the order of the protocol.

    Empty if nothing is missing, if the project has ended, or if nobody has signed a charter.
    """
    if not project.of(CharterBody) or project.of(Ended):
        return ()
    due = _Due(project, tuple(cosigned), at)
    return tuple(due.before_runs() or due.of_runs())


@dataclass(frozen=True)
class _Due:
    project: Project
    cosigned: tuple[CosignedSize, ...]
    at: int

    # -- until all rows are at the service ----------------------------------------------------

    def before_runs(self) -> list[Turn]:
        """The steps that all later ones wait for."""
        state, charter = self.project, self.project.charter
        if not state.in_force:
            missing = _names(set(charter.party_ids) - state.signed_by())
            return [Turn("charter", missing, "", self._first_seen(state.of(CharterBody)[0]))]
        for kind, step, before in _CEREMONY:
            owed = set(charter.party_ids) - set(state.by_sender(kind))
            if owed:
                unseen = parties_missing(state, self.cosigned) if step == "reveal" else None
                since = _last(state.of(before))
                return [Turn("witness" if unseen else step, _names(unseen or owed), "", since)]
        owed = set(charter.dataset_ids) - set(state.bundles())
        if not owed:
            return []
        return [
            *self._unseen(list(state.of(Confirmed))),
            *(
                Turn("bundle", (charter.dataset(each).owner,), each, _last(state.of(Confirmed)))
                for each in sorted(owed)
                if not self._unseen(list(state.of(Confirmed)))
            ),
        ]

    def _first_seen(self, entry: Entry) -> int | None:
        """When somebody first cosigned a head with this entry, which states no time itself."""
        heads = (each for each in self.cosigned if each.size > entry.index)
        return min((at for each in heads for at in each.times.values()), default=None)

    # -- runs, releases and transfers ---------------------------------------------------------

    def of_runs(self) -> Iterator[Turn]:
        state = self.project
        runs, releases = state.runs(), state.releases()
        learners = _names(_learners(state.charter))
        if not runs:
            yield Turn("order", learners, "", _last(state.accepted()), any_of=True)
        for run in runs:
            yield from self._run(run)
        ended = [run.finished for run in runs if run.finished is not None]
        if ended and not any(self._lives(each) for each in releases):
            yield Turn("request", learners, "", _last(ended), any_of=True)
        for release in releases:
            yield from self._release(release)
        for transfer in state.transfers():
            yield from self._transfer(transfer)

    def _run(self, run: RunRecord) -> list[Turn]:
        if run.finished is not None:
            return []
        order = [run.order]
        return self._unseen(list(order)) or [self._for_coordinator("run", run.name, order)]

    def _lives(self, release: ReleaseRecord) -> bool:
        """Whether the release was made, or can still be."""
        if release.is_decided:
            return release.is_released
        stage = release.stage
        return stage is None or self.at <= stage.body.expires

    def _release(self, release: ReleaseRecord) -> list[Turn]:
        if release.decision is not None:
            return self._receipts(release, release.decision)
        if not self._lives(release):
            return []
        stage, law = release.stage, self.project.charter.law
        if stage is None or (law != FIRST_LAW and rows_gone(self.project, stage.index)):
            if law == FIRST_LAW and rows_gone(self.project, release.run.order.index):
                return []  # it cannot be staged again
            return [self._for_coordinator("stage", release.name, [release.request])]
        return self._unseen([stage]) or [self._decision(release, stage)]

    def _decision(self, release: ReleaseRecord, stage: Entry) -> Turn:
        """A vote, if more votes can still settle a rule; else the decision."""
        case = release_case(self.project, release.name, None, self.at)
        outcome = release_rules_without_facts(case)
        failing = [each.rule for each in outcome.findings if not each.passed]
        lacking = any(rule.settled_by is SettledBy.APPROVALS for rule in failing)
        refused = any(not vote.body.approves for vote in release.approvals)
        if not lacking or refused:
            return self._for_coordinator("decision", release.name, [stage, *release.words])
        said = {vote.sender for vote in release.votes} | {release.requester.id}
        votes = awaited_votes(case, said)
        who, since = _names(votes.people), _last([stage])
        return Turn("vote", who, release.name, since, agencies=votes.agencies)

    def _receipts(self, release: ReleaseRecord, decision: Entry) -> list[Turn]:
        owing = {each.file.recipient for each in release.released_files if not each.received}
        if not owing:
            return []
        opening = Turn("receipt", _names(owing), release.name, _last([decision]))
        return self._unseen([decision]) or [opening]

    def _transfer(self, record: TransferRecord) -> list[Turn]:
        how = record.state(self.at)
        asked: list[Entry] = [record.request]
        if how == "voting":
            vote = Turn("transfer-vote", record.awaited(), record.name, _last(asked))
            return self._unseen(asked) or [vote]
        if how == "approved":
            votes = [*asked, *record.votes]
            send = Turn("transfer-sent", (record.sender,), record.name, _last(votes))
            return self._unseen(votes) or [send]
        if how == "sent" and record.sent is not None:
            recipient = record.request.body.recipient
            received = Turn("transfer-receipt", (recipient,), record.name, _last([record.sent]))
            return self._unseen([record.sent]) or [received]
        return []

    # -- parts --------------------------------------------------------------------------------

    def _unseen(self, entries: list[Entry]) -> list[Turn]:
        """The witnesses' turn, if too few of them have seen these entries."""
        missing = witnesses_missing(self.project, entries, self.cosigned)
        if missing is None:
            return []
        witnesses = self.project.charter.witnesses
        needed = witnesses.quorum - (len(witnesses.members) - len(missing))
        some = len(missing) > needed  # else all of them have to cosign
        return [Turn("witness", _names(missing), "", _last(entries), any_of=some)]

    def _for_coordinator(self, step: TurnStep, about: str, after: Iterable[Entry]) -> Turn:
        roster = self.project.roster
        able = [member.id for member in roster.members if member.has("coordinator")]
        who = able or [roster.service().id]
        return Turn(step, _names(who), about, _last(after), any_of=True)


def _learners(charter: Charter) -> set[str]:
    """The parties that learn something by a release: the budget is spent for them.

    Any party may order a run or request a release; only these are asked.
    """
    learning = {dataset for domain in charter.domains for dataset in domain.learn}
    return {charter.dataset(each).owner for each in learning}


def _names(members: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(members))


def _last(entries: Iterable[Entry]) -> int | None:
    """The latest time that these entries state; None if they state none."""
    times = [time for time in map(time_of, entries) if time is not None]
    return max(times, default=None)
