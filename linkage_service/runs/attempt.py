"""One attempt at a run: begin, search, solve, finish. Survives `kill -9` anywhere.

Each step can be repeated. A tile's result is a create-once blob, solving is a function of the
tiles, its result is whole once the list of its digests is stored, and the statement is appended in
the transaction that marks the run as done. So the next attempt, of whichever process, does what is
missing and nothing twice.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from obstore.exceptions import BaseError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from linkage_service import logs
from linkage_service.error_codes import ServiceCode
from linkage_service.intake.bundles import Intake
from linkage_service.observing import traces
from linkage_service.runs.as_logged import as_logged, require_same
from linkage_service.runs.estimates import calibration
from linkage_service.runs.leases import LostLeaseError
from linkage_service.runs.results import Results
from linkage_service.runs.search import RunSearch, order_of
from linkage_service.runs.solve import RunInputs, committed, solve
from linkage_service.runs.states import Task, TaskRow
from linkage_service.runs.stored_parts import DamagedResult
from linkage_service.settings import Settings
from linkage_service.storage.blobs import Blobs
from linkage_service.storage.ledger import Ledger
from policy.base.clocks import Clock
from policy.base.errors import NotYet, PadanError
from policy.base.words import Words
from policy.charter import Charter
from policy.gates.facts import OpenedFacts
from policy.project import Project
from policy.project.canary_counts import planted
from policy.project.recipients import recipients
from policy.statements import RunFinished

Ended = Literal["settled", "later"]

STEPS = ("begin", "search", "solve", "finish")
# What passes by itself, or is put right without another order: the run waits and tries again.
_PASSING = frozenset(
    {
        ServiceCode.BLOB_NOT_WRITTEN,
        ServiceCode.ENGINE_RAY_UNREACHABLE,
        ServiceCode.RUN_SCRATCH,
        ServiceCode.SERVICE_CLOCK_BEHIND,
        ServiceCode.SERVICE_CLOCK_UNCONFIRMED,
        ServiceCode.STORE_GONE,
    }
)


class _StoppedError(Exception):
    """Somebody stopped this process or this run; the next attempt finds what is stored."""


@dataclass
class Attempt:
    """The work of one task. Files of the rows that it reads stay until it is carried out."""

    settings: Settings
    ledger: Ledger
    blobs: Blobs
    intake: Intake
    clock: Clock
    task: Task
    stopping: Callable[[], bool]

    def carry_out(self) -> Ended:
        """Do every step that is not done yet; `later` if the run has to wait for something."""
        try:
            with traces.span("run"):
                self._do_steps()
        except (_StoppedError, LostLeaseError):
            return "settled"
        except DamagedResult:
            self.results.parts.drop()
            return "later"
        except PadanError as error:
            if error.code in _PASSING:
                return self.wait(error)
            return self._fail(error.code, json.dumps(error.as_json()))
        except (OperationalError, InterfaceError, BaseError, OSError) as error:
            logs.failed("run.waits", error)
            return self.wait(_storage_away())
        except Exception as error:
            logs.failed("run.failed", error)
            return self._fail("run.broken", "")
        finally:
            self._search.close()
        return "settled"

    def _do_steps(self) -> None:
        for step in STEPS:
            self._go_on()
            self.row.note(step=step, error="", reason="")
            getattr(self, step)()

    @cached_property
    def row(self) -> TaskRow:
        return TaskRow(self.ledger.database, self.task)

    @cached_property
    def results(self) -> Results:
        return Results(self.blobs, self.task.project, self.task.run)

    @cached_property
    def _search(self) -> RunSearch:
        return RunSearch(self.settings, self.ledger, self.blobs, self.intake, *self.task.place)

    # -- the steps ---------------------------------------------------------------------------

    def begin(self) -> None:
        """Choose tiles, and an earlier run to continue if there is one."""
        self._search.begin()

    def search(self) -> None:
        """Match the units that have no stored result."""
        if self._is_solved():
            return
        total, missing = len(self._search.plan.units), self._search.missing()
        done = total - len(missing)
        self.row.note(tiles_done=done, tiles_total=total, tiles_before=done, since=self.clock())
        self._match(missing)

    def solve(self) -> None:
        """Solve every ordered domain and store the results, unless a whole result is stored."""
        if self._is_solved():
            return
        self.results.parts.drop()
        search, project = self._search, self._search.project
        inputs = RunInputs(
            charter=self._charter_of(project),
            order=search.order,
            data=search.data,
            recipients=recipients(self._charter_of(project), project.roster),
        )
        solution = solve(inputs, search.results(self._match))
        self.results.keep(inputs, solution)
        self.results.keep_calibration(calibration(inputs, solution))
        # Stored last: once it exists, `finish` has everything it needs.
        self.results.keep_counted(solution.domains.counted)

    def finish(self) -> None:
        """Append the statement with the result's digest and the commitment, keep the facts, and
        mark the run as done: all in one transaction."""
        run, data = self.task.run, self._search.data
        with self.ledger.appending(self.task.project) as append:
            project = append.project
            entry, logged = order_of(project, run), project.run(run).finished
            order, before = entry.body, project.until(entry.index)
            domains = self.results.domains(order.domains)
            charter = self._charter_of(project)
            found = committed(run, charter, order, data, domains, planted(project))
            self.row.note_in(append.connection, state="done")
            if logged is not None:
                require_same(logged.body, found.result)
                return
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

    # -- parts of them -----------------------------------------------------------------------

    def _match(self, units: Iterable[int]) -> None:
        """Match these units, until the run is stopped."""
        wanted = set(units)
        done = itertools.count(len(self._search.plan.units) - len(wanted) + 1)
        self._search.match(wanted, self.stopping, lambda: self.row.note(tiles_done=next(done)))
        self._go_on()

    def _charter_of(self, project: Project) -> Charter:
        """The charter by which the run is judged: that of the day on which it finished."""
        finished = project.run(self.task.run).finished
        return project.charter if finished is None else project.until(finished.index).charter

    def _go_on(self) -> None:
        if self.stopping():
            raise _StoppedError

    def _is_solved(self) -> bool:
        """Whether the whole result is stored, and is the one in the log if one is there."""
        if not self.results.parts.are_whole():
            return False
        search = self._search
        finished = search.project.run(self.task.run).finished
        if finished is None:
            return True
        handles = dict(zip(search.data.names, search.data.handles, strict=True))
        try:
            charter = self._charter_of(search.project)
            as_logged(charter, search.order, finished.body, handles, self.results)
        except DamagedResult:
            return False
        return True

    # -- its end -----------------------------------------------------------------------------

    def wait(self, error: PadanError) -> Ended:
        """Say what the run waits for, where that can be said."""
        self._note(error=error.code, reason=json.dumps(error.as_json()))
        return "later"

    def _fail(self, code: str, reason: str) -> Ended:
        return self._note(state="failed", error=code, reason=reason)

    def _note(self, **values: str) -> Ended:
        try:
            self.row.note(**values)
        except LostLeaseError:
            return "settled"
        except SQLAlchemyError as error:
            logs.failed("run.not-noted", error)
            return "later"
        return "settled"


def _storage_away() -> NotYet:
    return NotYet(
        ServiceCode.RUN_STORAGE_AWAY,
        Words(
            "Basis data atau penyimpanan layanan tidak menjawab, atau penuh.",
            "The service's database or storage does not answer, or is full.",
        ),
        Words(
            "Pemadanan mencoba lagi sendiri. Periksa basis data dan ruang disk.",
            "The run tries again by itself. Check the database and the space on disk.",
        ),
    )
