"""What parties ask of the service: a run, and a release of its match IDs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from policy.charter import FIRST_LAW
from policy.law.conditions import require_enough_changed, require_none_withdrawn
from policy.project import Entry, Project
from policy.statements import Body, ReleaseRequest, RunOrder
from policy.wire.session import Session


def order_run(
    session: Session,
    run: str,
    domains: Iterable[str] = (),
    thresholds_ppm: Mapping[str, int] | None = None,
) -> None:
    """Order one run: of all ID domains and with the charter's thresholds, unless named.

    Given again, it changes nothing.
    """
    charter = session.charter
    body = RunOrder(
        at=int(time.time()),
        purpose=charter.purpose.code,
        domains=tuple(domains) or tuple(each.id for each in charter.domains),
        thresholds_ppm={**charter.matching.thresholds_ppm, **(thresholds_ppm or {})},
        nik_floor_ppm=charter.matching.nik_floor_ppm,
    )
    if not _is_repeated(session, session.project.named(RunOrder, run), body):
        session.say(body, run=run)


def _is_repeated(
    session: Session, logged: Sequence[Entry[RunOrder] | Entry[ReleaseRequest]], body: Body
) -> bool:
    """Whether this member has said just that, at any time."""
    session.repeated = any(
        each.sender == session.me.member.id and each.body.model_copy(update={"at": body.at}) == body
        for each in logged
    )
    return session.repeated


def request_release(session: Session, release: str, run: str, domains: Iterable[str]) -> None:
    """Request a release; raises Refused, before it spends budget, if it can never be made.

    Given again, it changes nothing.
    """
    body = ReleaseRequest(at=int(time.time()), release=release, domains=tuple(domains))
    if _is_repeated(session, session.project.named(ReleaseRequest, run), body):
        return
    _require_releasable(session.project, run)
    session.say(body, run=run)


def next_run(project: Project) -> str:
    """A name for the next run."""
    return _free("padan", {run.name for run in project.runs()})


def next_release(project: Project) -> str:
    """A name for the next release."""
    return _free("rilis", {release.name for release in project.releases()})


def _free(stem: str, taken: set[str]) -> str:
    return next(name for name in (f"{stem}-{n}" for n in count(1)) if name not in taken)


def _require_releasable(project: Project, run: str) -> None:
    record = project.run(run)
    if record.finished is not None:
        order = record.order
        if project.charter.law == FIRST_LAW:
            require_none_withdrawn(project, order)
        require_enough_changed(project, order)
