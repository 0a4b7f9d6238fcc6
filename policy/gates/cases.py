"""Builds the cases of both gates from the log: the facts that their rules judge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from policy.charter import FIRST_LAW, Charter
from policy.gates.facts import ReleaseFacts
from policy.gates.rules import ReleaseCase, RunCase
from policy.gates.rules.case import ApprovalFact, ChangedFact, ExceptionFact, StagedFact
from policy.members.entitled import is_officer
from policy.members.roster import Roster
from policy.project import Entry, Project
from policy.project.row_counts import change_since, changes_between_orders, rows_gone
from policy.statements import (
    Approval,
    Excepted,
    ExceptionEnded,
    Probed,
    ReleaseRequest,
    Rerun,
    RunFinished,
    RunOrder,
    Staged,
    StagedFile,
    Statement,
)


def run_case(project: Project, at: int, order: Statement | None = None) -> RunCase:
    """The run gate's case at `at` (Unix seconds); `order` may be one still to be appended."""
    logged = [entry.digest for entry in project.of(RunOrder)]
    new = order is not None and order.digest not in logged
    ordered = order.body if order else None
    earlier = _orders_before(project, order)
    return RunCase(
        charter=project.charter,
        roster=project.roster,
        signed_by=project.signed_by(),
        at=at,
        probes=tuple(entry.body.report for entry in project.of(Probed)),
        probed_by=_probed_by(project),
        exceptions=tuple(_exception_fact(e.body) for e in exceptions(project)),
        orders=len(logged) + new,
        orders_own=_of_agency(project, order) + new,
        orders_elsewhere=_elsewhere(project, order),
        purpose=ordered.purpose if isinstance(ordered, RunOrder) else None,
        domains=ordered.domains if isinstance(ordered, RunOrder) else (),
        thresholds_ppm=ordered.thresholds_ppm if isinstance(ordered, RunOrder) else None,
        nik_floor_ppm=ordered.nik_floor_ppm if isinstance(ordered, RunOrder) else None,
        changes=changes_between_orders(project, pending=new),
        earlier_thresholds=tuple((each.thresholds_ppm, each.nik_floor_ppm) for each in earlier),
    )


def draft_case(charter: Charter, roster: Roster, at: int) -> RunCase:
    """The run gate's case of a charter without signatures, as if all parties had signed it."""
    return RunCase(charter=charter, roster=roster, signed_by=frozenset(charter.party_ids), at=at)


def release_case(
    project: Project, release: str, facts: ReleaseFacts | None, at: int
) -> ReleaseCase:
    """The release gate's case at that time (Unix seconds).

    It has no facts for members who may not open them.
    """
    record = project.release(release)
    stage, decision = record.require_stage(), record.decision
    staged = stage.body
    request, run = project.entry(staged.request, ReleaseRequest), project.run_ended_by(staged.run)
    finished, order = run.require_finished().body, run.order
    return ReleaseCase(
        run=run_case(project, at, order.statement),
        requester_agency=project.sender_of(request).agency,
        domains=request.body.domains,
        executed_thresholds_ppm=finished.thresholds_ppm,
        executed_nik_floor_ppm=finished.nik_floor_ppm,
        requests=len(project.of(ReleaseRequest)),
        opened=facts,
        files=tuple(staged_fact(f) for f in staged.files),
        approvals=tuple(_approval_fact(project, e) for e in record.approvals),
        at=at,
        stage_expires=staged.expires,
        withdrawn=rows_gone(
            record.at_decision().project,
            order.index if project.charter.law == FIRST_LAW else stage.index,
        ),
        rerun_differing=tuple(
            entry.statement.sender
            for entry in project.of(Rerun)
            if entry.body.finished == staged.run and entry.body.contradicts(finished, stage.digest)
        ),
        released_since=any(
            stage.index < entry.index
            for entry in project.released()
            if decision is None or entry.index < decision.index
        ),
        changed=tuple(changed_since_staged(project.until(stage.index), order)),
    )


def changed_since_staged(project: Project, order: Entry) -> Iterator[ChangedFact]:
    """The rows that came and went between each earlier staged run and this order's run."""
    finished = (project.entry(stage.body.run, RunFinished) for stage in project.of(Staged))
    staged = {entry.body.order for entry in finished}
    stood = project.until(order.index)
    for earlier in (each for each in stood.of(RunOrder) if each.digest in staged):
        for dataset in project.charter.dataset_ids:
            change = change_since(stood, dataset, earlier.index)
            name = earlier.statement.binding.run
            yield ChangedFact(dataset, name, added=change.added, gone=change.gone)


def _orders_before(project: Project, order: Statement | None) -> list[RunOrder]:
    """The orders in the log before this one; all orders if this one is still to be appended."""
    logged = project.of(RunOrder)
    earlier = takewhile(lambda entry: order is None or entry.digest != order.digest, logged)
    return [entry.body for entry in earlier]


def staged_fact(file: StagedFile) -> StagedFact:
    """The part of a staged file that the rules may see."""
    return StagedFact(file.dataset, file.domain, file.recipient, file.form)


def _approval_fact(project: Project, entry: Entry[Approval]) -> ApprovalFact:
    body, member = entry.body, project.sender_of(entry)
    return ApprovalFact(
        member=member.id,
        agency=member.agency,
        dpo=is_officer(project.charter, member),
        approves=body.approves,
        expires=body.expires,
    )


def exceptions(project: Project) -> list[Entry[Excepted]]:
    """The exceptions that no officer has ended."""
    ended = {entry.body.exception for entry in project.of(ExceptionEnded)}
    return [entry for entry in project.of(Excepted) if entry.digest not in ended]


def _exception_fact(body: Excepted) -> ExceptionFact:
    return ExceptionFact(body.rule, frozenset(body.about), body.until)


def _probed_by(project: Project) -> dict[str, frozenset[str]]:
    """The agencies that signed each probe report."""
    found: dict[str, frozenset[str]] = {}
    for entry in project.of(Probed):
        digest = entry.body.report.digest()
        agency = project.roster.member(entry.statement.sender).agency
        found[digest] = found.get(digest, frozenset()) | {agency}
    return found


def _of_agency(project: Project, order: Statement | None) -> int:
    """How many orders in the log came from the agency that gave this one."""
    if order is None:
        return 0
    agency = project.roster.member(order.sender).agency
    senders = (entry.statement.sender for entry in project.of(RunOrder))
    return sum(project.roster.member(each).agency == agency for each in senders)


def _elsewhere(project: Project, order: Statement | None) -> int | None:
    """The most runs that any two parties ordered in other projects when this order came in."""
    if order is None:
        return None
    counted = project.counted(order)
    return None if counted is None else max(counted.elsewhere.values(), default=0)
