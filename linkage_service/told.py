"""Counts what a release would tell its recipients, next to all that they were told before.

Pure functions of the log, the rows' handles and the solved domains: the service counts so when it
stages, and a second operator's rerun counts again from the sealed bundles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from linkage_service.cells import Received, cells, differences
from linkage_service.outcome import domain_facts
from linkage_service.persons import Joined, cells_of_persons
from linkage_service.solved import Solved
from linkage_service.views import View
from policy.charter import FIRST_LAW
from policy.disclosure import recipients
from policy.facts import DomainFacts, ReleaseFacts
from policy.planted import Planted, planted
from policy.project import Project, body_of
from policy.statements import Decided, ReleaseRequest, RunFinished, Staged


@dataclass(frozen=True)
class Released:
    """One ID domain that was let out before; `staged` is the place of its stage in the log."""

    release: str
    run: str
    domain: str
    staged: int


def released_before(project: Project) -> Iterator[Released]:
    """The domains of every release that was let out in this epoch, in the log's order."""
    for entry in project.of(Decided):
        decided = body_of(entry, Decided)
        if decided.verdict != "released":
            continue
        stage = project.entry(decided.stage)
        request = project.entry(body_of(stage, Staged).request)
        for domain in body_of(request, ReleaseRequest).domains:
            run = request.statement.binding.run
            yield Released(decided.release, run, domain, stage.index)


def told(
    project: Project,
    release: str,
    finished: RunFinished,
    now: Sequence[Solved],
    before: Sequence[tuple[str, Solved]],
    joined: Sequence[Joined],
) -> ReleaseFacts:
    """The facts of a release of these domains of one run; `before` has each with its release."""
    views = [_view(project, release, each) for each in now]
    canaries = planted(project)
    received = Received(
        project.charter,
        recipients(project.charter, project.roster),
        views,
        [_view(project, name, each) for name, each in before],
        canaries,
    )
    counted_joined = () if project.charter.law == FIRST_LAW else joined
    persons = [cells_of_persons(received, each, now[0].handles) for each in counted_joined]
    return ReleaseFacts(
        release=release,
        run=finished.facts,
        domains={each.domain: _counted(project, each, canaries) for each in now},
        cells=(*cells(received), *(cell for found in persons for cell in found)),
        differences=differences(received),
    )


def _counted(project: Project, each: Solved, canaries: Mapping[str, Planted]) -> DomainFacts:
    sizes = {name: len(handles) for name, handles in each.handles.items()}
    return domain_facts(project.charter, each.domain, each.groups, each.verify, sizes, canaries)


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
