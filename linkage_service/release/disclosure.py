"""Counts what this release would reveal to each recipient, given everything released before it.

Pure functions of the log, the rows' handles and the solved domains. The service calls them when
it stages, and a second operator's rerun counts again from the sealed bundles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from linkage_service.release.cells import ReceivedCells, cells, differences
from linkage_service.release.domains import Solved
from linkage_service.release.persons import cells_of_persons
from linkage_service.release.views import View
from linkage_service.runs.outcome import domain_facts
from linkage_service.runs.own_lists import Joined
from policy.charter import FIRST_LAW
from policy.gates.facts import DomainFacts, ReleaseFacts
from policy.project import Project, ReleaseRecord
from policy.project.canary_counts import Planted, planted
from policy.project.recipients import recipients
from policy.statements import RunFinished, Staged


def released_before(project: Project) -> Iterator[tuple[ReleaseRecord, Project, str]]:
    """The domains of every release made in this epoch, in the log's order.

    Each domain comes with its release, and with the project as it was at the release's stage.
    """
    for decision in project.released():
        release = project.release(decision.body.release)
        then = project.until(project.entry(decision.body.stage, Staged).index)
        for domain in release.domains:
            yield release, then, domain


def told(
    project: Project,
    release: str,
    finished: RunFinished,
    now: Sequence[Solved],
    before: Sequence[tuple[str, Solved]],
    joined: Sequence[Joined],
) -> ReleaseFacts:
    """The facts of releasing these domains of one run, given the domains released `before`."""
    views = [_view(project, release, each) for each in now]
    canaries = planted(project)
    received = ReceivedCells(
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
