"""What a release would tell its recipients, beside all that they were told before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from linkage_service.cells import View, cells, differences
from linkage_service.inputs import handles_taken
from linkage_service.outcome import domain_facts
from linkage_service.service import Service
from linkage_service.solved import Handles, Solved, solved
from policy.facts import DomainFacts, ReleaseFacts
from policy.project import Project, body_of, taken
from policy.statements import Decided, ReleaseRequest, RunFinished, Staged


def told(
    service: Service,
    project: Project,
    release: str,
    finished: RunFinished,
    domains: Sequence[Solved],
    taken_rows: Mapping[str, Handles],
) -> ReleaseFacts:
    """The facts of a release of these domains; `taken_rows` are those of runs that are known."""
    now = [_view(project, release, each) for each in domains]
    before = list(_released_before(service, project, taken_rows))
    return ReleaseFacts(
        release=release,
        run=finished.facts,
        domains={each.domain: _counted(project, each) for each in domains},
        cells=cells(project.charter, now, before),
        differences=differences(project.charter, now, before),
    )


def _counted(project: Project, each: Solved) -> DomainFacts:
    sizes = {name: len(handles) for name, handles in each.handles.items()}
    return domain_facts(project.charter, each.domain, each.groups, each.verify, sizes)


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
        stage = project.entry(decided.stage)
        request = project.entry(body_of(stage, Staged).request)
        run = request.statement.binding.run
        if run not in by_run:
            order = taken(project.order(run), "order")
            by_run[run] = handles_taken(project, service.intake, order)
        for domain in body_of(request, ReleaseRequest).domains:
            each = solved(service, project.until(stage.index), run, domain, by_run[run])
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
