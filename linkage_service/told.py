"""What a release would tell its recipients, beside all that they were told before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage_service.cells import View, cells, differences
from linkage_service.inputs import handles_taken
from linkage_service.matching import Groups
from linkage_service.results import Results
from linkage_service.service import Service
from policy.facts import ReleaseFacts
from policy.planted import planted
from policy.project import Project, body_of, taken
from policy.statements import Decided, ReleaseRequest, RunFinished, Staged

# By dataset, uint8 (rows, 16): numbered as the run numbered its rows.
Handles = Mapping[str, NDArray[np.uint8]]


@dataclass(frozen=True, eq=False)
class Solved:
    """One ID domain of a finished run: its groups, and which of them are to be verified."""

    run: str
    domain: str
    groups: Groups
    verify: NDArray[np.bool_]
    handles: Handles


def solved(service: Service, project: Project, run: str, domain: str, handles: Handles) -> Solved:
    stored = Results(service.blobs, project.charter.project, run)
    return Solved(run, domain, stored.groups(domain), stored.verify(domain), handles)


def told(
    service: Service,
    project: Project,
    release: str,
    finished: RunFinished,
    domains: Sequence[Solved],
) -> ReleaseFacts:
    """The facts of a release of these domains."""
    counted = service.opened(project.charter.project, finished.facts).facts
    now = [_view(project, release, each) for each in domains]
    before = list(_released_before(service, project, {each.run: each.handles for each in domains}))
    return ReleaseFacts(
        release=release,
        run=finished.facts,
        domains={view.domain: counted.domains[view.domain] for view in now},
        cells=cells(project.charter, now, before, planted(project)),
        differences=differences(project.charter, now, before),
    )


def _released_before(
    service: Service, project: Project, known: Mapping[str, Handles]
) -> Iterator[View]:
    """The domains of every release that was let out in this epoch, as its recipients have it.

    The rows of each run whose handles are not known yet are read once.
    """
    by_run = dict(known)
    for entry in project.of(Decided):
        decided = body_of(entry, Decided)
        if decided.verdict != "released":
            continue
        request = project.entry(body_of(project.entry(decided.stage), Staged).request)
        run = request.statement.binding.run
        if run not in by_run:
            order = taken(project.order(run), "order")
            by_run[run] = handles_taken(project, service.intake, order)
        for domain in body_of(request, ReleaseRequest).domains:
            each = solved(service, project, run, domain, by_run[run])
            yield _view(project, decided.release, each)


def _view(project: Project, release: str, each: Solved) -> View:
    numbers = {name: number for number, name in enumerate(project.charter.dataset_ids)}
    datasets = project.charter.domain(each.domain).datasets
    return View(
        release,
        each.domain,
        {name: each.handles[name] for name in datasets},
        {name: each.groups.by_row(numbers[name], len(each.handles[name])) for name in datasets},
        each.verify,
    )
