"""What the log says, as the rules of both gates look at it."""

from __future__ import annotations

from policy.entitled import is_officer
from policy.facts import RunFacts
from policy.inputs import rows_gone
from policy.project import Entry, Project, body_of, taken
from policy.rules import ReleaseCase, RunCase
from policy.rules.case import ApprovalFact, StagedFact
from policy.statements import (
    Approval,
    CharterBody,
    ReleaseRequest,
    RunFinished,
    RunOrder,
    Staged,
    StagedFile,
    Statement,
)


def run_case(project: Project, at: int, order: Statement | None = None) -> RunCase:
    """The run gate's case; `order` may be one that is still to be appended."""
    logged = [entry.digest for entry in project.of(RunOrder)]
    orders = len(logged) + (order is not None and order.digest not in logged)
    ordered = order.body if order else None
    return RunCase(
        charter=project.charter,
        signed_by=frozenset(project.by_sender(CharterBody)),
        at=at,
        orders=orders,
        purpose=ordered.purpose if isinstance(ordered, RunOrder) else None,
        domains=ordered.domains if isinstance(ordered, RunOrder) else (),
        thresholds_ppm=ordered.thresholds_ppm if isinstance(ordered, RunOrder) else None,
        nik_floor_ppm=ordered.nik_floor_ppm if isinstance(ordered, RunOrder) else None,
    )


def release_case(project: Project, release: str, facts: RunFacts, at: int) -> ReleaseCase:
    """The release gate's case, as it stands at that time."""
    staged = body_of(taken(project.stage(release), "stage"), Staged)
    request = project.entry(staged.request)
    order = project.entry(body_of(project.entry(staged.run), RunFinished).order)
    decision = project.decision(release)
    return ReleaseCase(
        run=run_case(project, at, order.statement),
        requester_agency=project.roster.member(request.statement.sender).agency,
        domains=body_of(request, ReleaseRequest).domains,
        facts=facts,
        files=tuple(staged_fact(f) for f in staged.files),
        approvals=tuple(_approval_fact(project, e) for e in project.approvals(release)),
        at=at,
        stage_expires=staged.expires,
        withdrawn=rows_gone(project.until(decision.index) if decision else project, order.index),
    )


def staged_fact(file: StagedFile) -> StagedFact:
    """What the rules may know of a staged file."""
    return StagedFact(file.dataset, file.domain, file.recipient, file.form)


def _approval_fact(project: Project, entry: Entry) -> ApprovalFact:
    body, member = body_of(entry, Approval), project.roster.member(entry.statement.sender)
    return ApprovalFact(
        member=member.id,
        agency=member.agency,
        dpo=is_officer(project.charter, member),
        approves=body.verdict == "approve",
        expires=body.expires,
    )
