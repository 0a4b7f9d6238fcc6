"""The durable run: begin, search, solve, finish. Survives `kill -9` anywhere.

Each step can be repeated. A tile's result is a create-once blob, solving is a function
of the tiles, and finishing looks into the log first. The database of workflows records finished
steps: a restarted service continues with the next step, and a search with the missing tiles.

A cancelled or failed run (a full disk, a damaged upload) is started again as its next attempt.
The attempt is a new workflow, which reuses the finished tiles.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from functools import partial

from linkage_service import logs
from linkage_service.clock import require_plausible
from linkage_service.engines.scratch import sweep
from linkage_service.error_codes import ServiceCode
from linkage_service.intake.bundles import Intake
from linkage_service.runs.as_logged import as_logged, require_same
from linkage_service.runs.durable import Act, Durable
from linkage_service.runs.estimates import calibration
from linkage_service.runs.executors import executor_id
from linkage_service.runs.progress import Progress
from linkage_service.runs.results import Results
from linkage_service.runs.search import RunSearch, order_of
from linkage_service.runs.solve import RunInputs, committed, solve
from linkage_service.runs.states import RunStates
from linkage_service.runs.stored_parts import DamagedResult
from linkage_service.settings import Settings
from linkage_service.storage.blobs import Blobs
from linkage_service.storage.ledger import Ledger
from policy.base.clocks import Clock
from policy.base.errors import NotYet, PadanError
from policy.base.words import Words
from policy.formats.http_api import RunState
from policy.gates.facts import OpenedFacts
from policy.law.conditions import require_covered, require_run_gate
from policy.project.canary_counts import planted
from policy.project.recipients import recipients
from policy.retention import require_rows
from policy.statements import RunFinished
from policy.witnessing.witness_times import Witnessed

_MOST_WAIT_SECONDS = 60  # for steps other than search, when the service stops


class _Stopped(BaseException):
    """The service stops: no end of the workflow is recorded, and the next start resumes it."""


@dataclass
class Runs:
    """The runs of one service: which of them this process works on, and the progress of all."""

    settings: Settings
    ledger: Ledger
    blobs: Blobs
    intake: Intake
    clock: Clock
    stopping: threading.Event = field(default_factory=threading.Event)  # the service should end
    _durable: Durable | None = None
    _searches: dict[tuple[str, str], RunSearch] = field(default_factory=dict)
    _idle: threading.Condition = field(default_factory=threading.Condition)
    _working: Counter[str] = field(default_factory=Counter)  # runs under way, by project

    @property
    def states(self) -> RunStates:
        return RunStates(self.ledger.database)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Resume this executor's unfinished runs and allow new ones, as long as the context lasts.

        At exit the searches stop; unfinished runs are left to the next start.
        """
        sweep(self.settings.scratch)
        self.stopping.clear()
        given, folder = self.settings.executor_id, self.settings.executors
        with nullcontext(given) if given else executor_id(folder) as executor:
            with Durable.launched(self.settings.workflow_url, executor, self) as durable:
                self._durable = durable
                try:
                    yield
                finally:
                    self.stopping.set()
                    with self._idle:
                        self._idle.wait_for(
                            lambda: not self._working.total(), timeout=_MOST_WAIT_SECONDS
                        )
            self._durable = None

    # -- what the coordinator asks for ------------------------------------------------------

    def start(self, project_id: str, run: str) -> None:
        """Start an ordered run, or start a cancelled or failed one again.

        A run that is under way is left alone, and so is one that is done and whole.
        """
        stored = self._results(project_id, run)
        self._start(project_id, run, again=stored.parts.are_damaged())

    def _start(self, project_id: str, run: str, *, again: bool) -> None:
        if self._durable is None:
            raise RuntimeError("runs are started where `at_work` is entered")
        project, now = self.ledger.project(project_id), self.clock()
        order = order_of(project, run)
        with self.ledger.database.reading() as connection:
            cosigned = self.ledger.cosigned(connection, project_id)
            require_covered(project, [order], cosigned)
        require_plausible(project, Witnessed.of(project, cosigned), now)
        require_run_gate(project, now, order.statement)
        require_rows(project, now)
        attempt = self.states.announce(project_id, run, again=again)
        # A finished run keeps its attempt number, whichever process finished it.
        if self._durable.is_of_earlier_build(f"{project_id}/{run}/{attempt}"):
            attempt = self.states.announce(project_id, run, lost=True)
        self._durable.start(f"{project_id}/{run}/{attempt}", project_id, run, attempt)

    def cancel(self, project_id: str, run: str) -> None:
        """Stop a run that is under way; its tiles stay, and `start` reuses them."""
        self.states.cancel(project_id, run)

    def compute_again(self, project_id: str, run: str) -> None:
        """Solve a finished run again from its tiles: its stored result is not as logged."""
        self._start(project_id, run, again=True)

    def halt(self, project_id: str) -> None:
        """Cancel a project's runs for good, and wait until this process works on none of them."""
        self.states.cancel(project_id)
        with self._idle:
            idle = self._idle.wait_for(
                lambda: not self._working[project_id], timeout=_MOST_WAIT_SECONDS
            )
        if not idle:
            raise NotYet(
                ServiceCode.RUN_STILL_STOPPING,
                Words("Pemadanan masih berhenti.", "A run is still coming to its end."),
                Words("Ulangi sebentar lagi.", "Try again in a moment."),
            )

    def state(self, project_id: str, run: str) -> RunState:
        """Progress as the database has it, for the API."""
        progress, reason = self.states.read(project_id, run, self.clock())
        actions = {"can_stop": progress.can_stop, "can_go_on": progress.can_go_on}
        return RunState(**asdict(progress), **actions, waits=progress.waits, reason=reason)

    def progress(self, project_id: str) -> list[Progress]:
        """Every run of a project that was ever started, by name."""
        return self.states.all(project_id, self.clock())

    # -- the workflow -----------------------------------------------------------------------

    @property
    def steps(self) -> tuple[Act, ...]:
        """The steps that are not repeated once done, named by these functions."""
        return self.begin, self.search, self.solve, self.finish, self.fail

    def follow(self, steps: dict[str, Act], project_id: str, run: str, attempt: int) -> None:
        """One attempt at a run, step by step, for as long as it is the current one."""
        try:
            with self._counted(project_id):
                steps["begin"](project_id, run)
                for name in ("search", "solve", "finish"):
                    if self.stopping.is_set():
                        raise _Stopped
                    if not self.states.is_current(project_id, run, attempt):
                        return
                    self.states.note(project_id, run, step=name)
                    steps[name](project_id, run, attempt)
        except PadanError as error:
            steps["fail"](project_id, run, attempt, error.code, json.dumps(error.as_json()))
        except Exception as error:
            logs.failed("run.failed", error)
            steps["fail"](project_id, run, attempt, "run.broken", "")
            raise
        finally:
            search = self._searches.pop((project_id, run), None)
            if search is not None:
                search.close()

    def begin(self, project_id: str, run: str) -> None:
        """Choose tiles, and an earlier run to continue if there is one."""
        self._search_of(project_id, run).begin()

    def search(self, project_id: str, run: str, attempt: int) -> None:
        """Match the units that have no stored result."""
        search = self._search_of(project_id, run)
        total, missing = len(search.plan.units), search.missing()
        done = total - len(missing)
        self.states.note(
            project_id,
            run,
            tiles_done=done,
            tiles_total=total,
            tiles_before=done,
            since=self.clock(),
        )
        self._match(project_id, run, attempt, missing)

    def solve(self, project_id: str, run: str, attempt: int) -> None:
        """Solve every ordered domain and store the results."""
        search, results = self._search_of(project_id, run), self._results(project_id, run)
        project = search.project
        if self._is_solved(search, results):
            return
        results.parts.drop()
        inputs = RunInputs(
            charter=project.charter,
            order=search.order,
            data=search.data,
            recipients=recipients(project.charter, project.roster),
        )
        solution = solve(inputs, search.results(partial(self._match, project_id, run, attempt)))
        results.keep(inputs, solution)
        results.keep_calibration(calibration(inputs, solution))
        # Stored last: once it exists, `finish` has everything it needs.
        results.keep_counted(solution.domains.counted)

    def finish(self, project_id: str, run: str, attempt: int) -> None:
        """Append the statement with the result's digest and the commitment; store the facts with
        it."""
        data, results = self._search_of(project_id, run).data, self._results(project_id, run)
        with self.ledger.appending(project_id) as append:
            project = append.project
            entry, logged = order_of(project, run), project.run(run).finished
            order, before = entry.body, project.until(entry.index)
            domains = results.domains(order.domains)
            found = committed(run, project.charter, order, data, domains, planted(project))
            if logged is not None:
                require_same(logged.body, found.result)
            else:
                facts = OpenedFacts.fresh(found.facts)
                append.keep_opened(facts)
                append.own(
                    RunFinished(
                        at=self.clock(),
                        order=entry.digest,
                        bundles={d: e.digest for d, e in before.commitments().items()},
                        thresholds_ppm=order.thresholds_ppm,
                        nik_floor_ppm=order.nik_floor_ppm,
                        result=found.result,
                        facts=facts.commitment(),
                    ),
                    run=run,
                )
        self.states.note(project_id, run, state="done")

    def fail(self, project_id: str, run: str, attempt: int, code: str, reason: str) -> None:
        """Mark the attempt as failed with its reason, unless the run was cancelled or restarted."""
        self.states.fail(project_id, run, attempt, code, reason)

    # -- parts of a run -----------------------------------------------------------------------

    def _match(self, project_id: str, run: str, attempt: int, units: Iterable[int]) -> None:
        """Match these units, until the run is stopped."""
        search, wanted = self._search_of(project_id, run), set(units)
        done = itertools.count(len(search.plan.units) - len(wanted) + 1)

        def stopping() -> bool:
            return self.stopping.is_set() or not self.states.is_current(project_id, run, attempt)

        def stored() -> None:
            self.states.note(project_id, run, tiles_done=next(done))

        search.match(wanted, stopping, stored)
        if self.stopping.is_set():
            raise _Stopped

    @contextmanager
    def _counted(self, project_id: str) -> Iterator[None]:
        """Let `at_work` and `halt` see the run for the duration of the context."""
        with self._idle:
            self._working[project_id] += 1
        try:
            yield
        finally:
            with self._idle:
                self._working[project_id] -= 1
                self._idle.notify_all()

    def _search_of(self, project_id: str, run: str) -> RunSearch:
        """The search of a run under way: files of its rows stay until the run ends."""
        place = (project_id, run)
        if place not in self._searches:
            self._searches[place] = RunSearch(
                self.settings, self.ledger, self.blobs, self.intake, project_id, run
            )
        return self._searches[place]

    def _is_solved(self, search: RunSearch, results: Results) -> bool:
        """Whether the whole result is stored, and is the one in the log if one is there."""
        finished = search.project.run(search.run).finished
        if not results.parts.are_whole() or finished is None:
            return results.parts.are_whole()
        handles = dict(zip(search.data.names, search.data.handles, strict=True))
        try:
            as_logged(search.project.charter, search.order, finished.body, handles, results)
        except DamagedResult:
            return False
        return True

    def _results(self, project_id: str, run: str) -> Results:
        return Results(self.blobs, project_id, run)
