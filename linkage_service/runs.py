"""The durable run: begin, search, solve, finish. Survives `kill -9` anywhere.

Each step can be repeated: what a tile found is a create-once blob, solving is a function
of the tiles, and finishing looks into the log first. DBOS remembers which steps are done;
a restarted service goes on with the next, and the search with the tiles that are missing.

A run that was cancelled, or that failed (a full disk, a damaged upload), is started again
by a workflow of its own, the next attempt, which finds the finished tiles as they are.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import select

from linkage_service import logs, outcome, plans
from linkage_service.clock import require_plausible
from linkage_service.engines.scratch import sweep
from linkage_service.estimates import estimates, searches
from linkage_service.persons import joinable
from linkage_service.records.tables import runs
from linkage_service.results import Results
from linkage_service.searched import RunSearch, order_of
from linkage_service.service import Service
from policy.conditions import require_covered, require_run_gate
from policy.disclosure import recipients
from policy.errors import NotYet, PadanError
from policy.facts import OpenedFacts
from policy.planted import planted
from policy.retention import require_rows
from policy.statements import RunFinished
from policy.witnessed import Witnessed
from policy.words import Words

_service: Service | None = None
_at_work: dict[tuple[str, str], RunSearch] = {}
_stop = threading.Event()
_idle = threading.Condition()
_working: Counter[str] = Counter()  # steps under way, by project
_MOST_WAIT_SECONDS = 60  # for a step that is no search, when the service is told to stop


class _Stopped(BaseException):
    """The service stops: DBOS records no end of the workflow, and resumes it at the next start."""


def launch(service: Service) -> None:
    """Start the durable executor; unfinished runs go on by themselves."""
    global _service
    sweep(service.settings.scratch)
    _service = service
    _stop.clear()
    config = DBOSConfig(
        name="padan-linkage",
        system_database_url=service.settings.workflow_url,
        executor_id="padan-linkage-1",
        application_version="1",
        log_level="ERROR",
        enable_otlp=False,
    )
    DBOS(config=config)
    DBOS.launch()


def shut_down() -> None:
    """Stop searching, and leave every unfinished run to the next start."""
    global _service
    _stop.set()
    with _idle:
        _idle.wait_for(lambda: not _working.total(), timeout=_MOST_WAIT_SECONDS)
    DBOS.destroy()
    _service = None
    _at_work.clear()


def start(project_id: str, run: str) -> None:
    """Start a run that was ordered, or again one that was cancelled or failed.

    A run that is under way or done stays as it is.
    """
    project = _running().ledger.project(project_id)
    order = order_of(project, run)
    with _running().ledger.database.reading() as connection:
        cosigned = _running().ledger.cosigned(connection, project_id)
        require_covered(project, [order], cosigned)
    require_plausible(project, Witnessed.of(project, cosigned), int(time.time()))
    require_run_gate(project, int(time.time()), order.statement)
    require_rows(project, int(time.time()))
    attempt = _announce(project_id, run)
    with SetWorkflowID(f"{project_id}/{run}/{attempt}"):
        DBOS.start_workflow(match, project_id, run, attempt)


def cancel(project_id: str, run: str) -> None:
    """Stop a run that is under way; its finished tiles stay, and `start` goes on with them."""
    place = {"project": project_id, "run": run, "state": "running"}
    with _running().ledger.database.writing(project_id) as connection:
        connection.execute(runs.update().filter_by(**place).values(state="cancelled"))


def halt(service: Service, project_id: str) -> None:
    """Cancel a project's runs for good, and wait until none of this process is under way."""
    place = {"project": project_id, "state": "running"}
    with service.ledger.database.writing(project_id) as connection:
        connection.execute(runs.update().filter_by(**place).values(state="cancelled"))
    with _idle:
        if not _idle.wait_for(lambda: not _working[project_id], timeout=_MOST_WAIT_SECONDS):
            raise NotYet(
                "run.still-stopping",
                Words("Pemadanan masih berhenti.", "A run is still coming to its end."),
                Words("Ulangi sebentar lagi.", "Try again in a moment."),
            )


def state(project_id: str, run: str) -> dict[str, Any]:
    """Progress as the database has it."""
    query = select(runs).filter_by(project=project_id, run=run)
    with _running().ledger.database.reading() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise NotYet(
            "run.not-started",
            Words("Pemadanan ini belum dimulai.", "This run has not been started."),
            Words("Jalankan 'padan-linkage start-run'.", "Run 'padan-linkage start-run'."),
        )
    said = {key: row[key] for key in ("run", "state", "tiles_done", "tiles_total", "error")}
    return {**said, "reason": json.loads(row["reason"] or "null")}


@DBOS.workflow()
def match(project_id: str, run: str, attempt: int) -> None:
    try:
        with _counted(project_id):
            begin(project_id, run)
            for step in (search, solve, finish):
                if _stop.is_set():
                    raise _Stopped
                if not _is_current(project_id, run, attempt):
                    return
                step(project_id, run, attempt)
    except PadanError as error:
        fail(project_id, run, attempt, error.code, json.dumps(error.as_json()))
    except Exception as error:
        logs.failed("run.failed", error)
        fail(project_id, run, attempt, "run.broken", "")
        raise
    finally:
        _at_work.pop((project_id, run), None)


@DBOS.step()
def begin(project_id: str, run: str) -> None:
    _at(project_id, run).begin()


@DBOS.step()
def search(project_id: str, run: str, attempt: int) -> None:
    """Match the units that have no stored result."""
    at = _at(project_id, run)
    total, missing = len(at.plan.units), at.missing()
    _note(project_id, run, tiles_done=total - len(missing), tiles_total=total)
    _search(project_id, run, attempt, missing)


@DBOS.step()
def solve(project_id: str, run: str, attempt: int) -> None:
    """Groups of every domain that was ordered, each from its own evidence."""
    at, results = _at(project_id, run), _results(project_id, run)
    project, data, order = at.project, at.data, at.order
    stored = at.results(partial(_search, project_id, run, attempt))
    found = outcome.candidates(data, project.charter, order, stored)
    pairs = outcome.standing(found, data, project.charter, order)
    certain = pairs.certain()
    duplicates = outcome.duplicates(data, project.charter, order)
    if duplicates is not None:
        for number, name in enumerate(data.names):
            handles = outcome.duplicate_handles(duplicates, number, data)
            results.keep_duplicates(name, handles)
    estimated: list[dict[str, Any]] = []
    for domain in order.domains:
        arguments = (data, project.charter, domain, duplicates)
        groups = outcome.groups(pairs, *arguments)
        verify = outcome.to_verify(groups, pairs, *arguments)
        graded = project.charter.release.grades
        of_certain = outcome.groups(certain, *arguments) if graded else groups
        estimated += estimates(certain, of_certain, data, project.charter, domain, order)
        results.keep_domain(domain, groups, verify)
    for _, own in joinable(project.charter, recipients(project.charter, project.roster)):
        joined = outcome.joined(certain, data, project.charter, own, duplicates)
        results.keep_joined(own, joined)
    sampled = plans.samplings(data, project.charter, order)
    # A limit on candidates leaves open what the search itself has found.
    everything = found if project.charter.matching.top_k is None else None
    how = list(searches(everything, data, order, sampled))
    results.keep_calibration({"pairs": estimated, "search": how})
    results.keep_counted(outcome.PairCounts.of(pairs))


@DBOS.step()
def finish(project_id: str, run: str, attempt: int) -> None:
    """Facts behind a commitment, the result's digest, and the statement, in one transaction."""
    service, data, results = _running(), _at(project_id, run).data, _results(project_id, run)
    with service.ledger.appending(project_id) as append:
        project = append.project
        if project.run(run).finished is None:
            entry = order_of(project, run)
            order, stood = entry.body, project.until(entry.index).commitments()
            solved = {domain: results.groups(domain) for domain in order.domains}
            verify = {domain: results.verify(domain) for domain in order.domains}
            facts = OpenedFacts.fresh(
                outcome.facts(
                    run, results.counted(), project.charter, data, solved, verify, planted(project)
                )
            )
            service.keep_opened(append, facts)
            append.own(
                RunFinished(
                    at=int(time.time()),
                    order=entry.digest,
                    bundles={d: e.digest for d, e in stood.items()},
                    thresholds_ppm=order.thresholds_ppm,
                    nik_floor_ppm=order.nik_floor_ppm,
                    result=outcome.result(project.charter, data, order, solved, verify),
                    facts=facts.commitment(),
                ),
                run=run,
            )
    _note(project_id, run, state="done")


@DBOS.step()
def fail(project_id: str, run: str, attempt: int, code: str, reason: str) -> None:
    """Say so and why, unless the run was cancelled or is under way again."""
    place = {"project": project_id, "run": run, "attempt": attempt, "state": "running"}
    failed = {"state": "failed", "error": code, "reason": reason}
    with _running().ledger.database.writing(project_id) as connection:
        connection.execute(runs.update().filter_by(**place).values(**failed))


# -- parts of a run -------------------------------------------------------------------------


def _search(project_id: str, run: str, attempt: int, units: Iterable[int]) -> None:
    """Match these units, as far as the run is not stopped."""
    at, wanted = _at(project_id, run), set(units)
    done = itertools.count(len(at.plan.units) - len(wanted) + 1)

    def stopping() -> bool:
        return _stop.is_set() or not _is_current(project_id, run, attempt)

    at.match(wanted, stopping, lambda: _note(project_id, run, tiles_done=next(done)))
    if _stop.is_set():
        raise _Stopped


@contextmanager
def _counted(project_id: str) -> Iterator[None]:
    """Known to `shut_down` and `halt` while it lasts."""
    with _idle:
        _working[project_id] += 1
    try:
        yield
    finally:
        with _idle:
            _working[project_id] -= 1
            _idle.notify_all()


def _is_current(project_id: str, run: str, attempt: int) -> bool:
    """Neither cancelled nor overtaken by a later attempt."""
    query = select(runs.c.state, runs.c.attempt).filter_by(project=project_id, run=run)
    with _running().ledger.database.reading() as connection:
        return tuple(connection.execute(query).one()) == ("running", attempt)


def _at(project_id: str, run: str) -> RunSearch:
    """The run at work: decrypted rows stay in memory until it ends."""
    place = (project_id, run)
    if place not in _at_work:
        _at_work[place] = RunSearch(_running(), project_id, run)
    return _at_work[place]


def _results(project_id: str, run: str) -> Results:
    return Results(_running().blobs, project_id, run)


def _announce(project_id: str, run: str) -> int:
    """The run's row and its attempt: one more if the last was cancelled or failed."""
    place = {"project": project_id, "run": run}
    with _running().ledger.database.writing(project_id) as connection:
        known = connection.execute(select(runs).filter_by(**place)).mappings().first()
        if known is None:
            fresh = {"state": "running", "tiles_done": 0, "tiles_total": 0, "error": ""}
            connection.execute(runs.insert().values(**place, **fresh, attempt=1))
            return 1
        if known["state"] in ("running", "done"):
            return int(known["attempt"])
        attempt = int(known["attempt"]) + 1
        again = {"state": "running", "error": "", "reason": "", "attempt": attempt}
        connection.execute(runs.update().filter_by(**place).values(**again))
        return attempt


def _note(project_id: str, run: str, **values: Any) -> None:
    place = {"project": project_id, "run": run}
    with _running().ledger.database.writing(project_id) as connection:
        connection.execute(runs.update().filter_by(**place).values(**values))


def _running() -> Service:
    if _service is None:
        raise RuntimeError("the service is not running")
    return _service
