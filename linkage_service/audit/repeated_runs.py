"""Runs matched again from a hand-over, each one once: groups, counts and each stage's facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from linkage_service import engines
from linkage_service.intake.arrays import RunData, load_datasets
from linkage_service.intake.bundles import Intake
from linkage_service.matching import Candidates, from_bytes
from linkage_service.release.disclosure import released_before, told
from linkage_service.release.domains import Handles, Solved, rows_left, without
from linkage_service.release.persons import without_rows
from linkage_service.runs import plans
from linkage_service.runs.own_lists import Joined
from linkage_service.runs.solve import DomainGroups, RunCommitment, RunInputs, committed, solve
from linkage_service.settings import EngineSettings
from policy.charter import Charter
from policy.gates.facts import ReleaseFacts
from policy.project import Entry, Project, taken
from policy.project.canary_counts import planted
from policy.project.recipients import recipients
from policy.statements import ReleaseRequest, RunOrder, Staged


@dataclass(frozen=True)
class Searching:
    """How to search: engine, rows per tile, folder for work, and a callback for progress.

    The caller deletes the folder, which has the rows of all runs.
    """

    engine: EngineSettings
    tile_rows: int
    scratch: Path
    progress: Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class RunAgain:
    """The result of one repeated run."""

    name: str
    tiles: int
    data: RunData
    domains: DomainGroups
    committed: RunCommitment
    joined: tuple[Joined, ...]

    @property
    def handles(self) -> Handles:
        return dict(zip(self.data.names, self.data.handles, strict=True))

    def domain(self, name: str) -> Solved:
        return Solved(
            self.name, name, self.domains.groups[name], self.domains.verify[name], self.handles
        )


@dataclass
class RepeatedRuns:
    """The runs of one project, matched again when they are asked for."""

    project: Project
    intake: Intake
    searching: Searching
    _runs: dict[str, RunAgain] = field(default_factory=dict)

    def run(self, name: str) -> RunAgain:
        if name not in self._runs:
            self._runs[name] = self._match(name, self.project.run(name).order)
        return self._runs[name]

    def stage(self, entry: Entry[Staged]) -> ReleaseFacts:
        """The facts of a stage, counted on the log as it was when the stage was made.

        Matches again every run from which something had been released by then.
        """
        staged, stood = entry.body, self.project.until(entry.index)
        request, run = stood.entry(staged.request, ReleaseRequest), stood.run_ended_by(staged.run)
        mine = self.run(run.name)
        before = [
            (earlier.name, self._domain(then, earlier.run.name, domain))
            for earlier, then, domain in released_before(stood)
        ]
        domains = request.body.domains
        now = [self._domain(stood, mine.name, each) for each in domains]
        agreed, gone = recipients(stood.charter, stood.roster), rows_left(stood, self.intake)
        joined = [
            without_rows(each, mine.handles, gone, mine.data.names)
            for each in mine.joined
            if each.recipient in agreed
        ]
        return told(stood, staged.release, run.require_finished().body, now, before, joined)

    def _domain(self, stood: Project, run: str, domain: str) -> Solved:
        """One domain of a run, without the rows withdrawn by the time of `stood`."""
        mine = self.run(run)
        return without(mine.domain(domain), rows_left(stood, self.intake), mine.data.names)

    def _match(self, name: str, ordered: Entry[RunOrder]) -> RunAgain:
        run, order = self.project.run(name).finished, ordered.body
        # By the charter under which it ended: an amendment changes nothing of a finished run.
        charter = self.project.until(taken(run, "run").index).charter
        rows = self.searching.scratch / f"rows-{name}"
        rows.mkdir(mode=0o700)
        data = load_datasets(self.project, self.intake, ordered, rows)
        tiles, stored = _search(data, charter, order, self.searching)
        inputs = RunInputs(charter, order, data, recipients(charter, self.project.roster))
        solution = solve(inputs, stored)
        return RunAgain(
            name=name,
            tiles=tiles,
            data=data,
            domains=solution.domains,
            committed=committed(
                name, charter, order, data, solution.domains, planted(self.project)
            ),
            joined=solution.joined,
        )


def _search(
    data: RunData, charter: Charter, order: RunOrder, how: Searching
) -> tuple[int, list[Candidates]]:
    plan = plans.whole(data, charter, order, how.tile_rows)
    found: list[Candidates] = []
    with engines.opened(how.engine, plan.job, how.scratch) as machine:
        for number, unit in enumerate(plan.units):
            machine.submit(number, unit)
        for _, stored in machine.results(lambda: False):
            found.append(from_bytes(stored))
            how.progress(len(found), len(plan.units))
    return len(plan.units), found
