"""The state and progress of each run in the database.

running      ordered to start; a worker has it, takes it soon, or waits (`error`)
cancelled    stopped by the coordinator; `start` goes on
failed       stopped by an error; `start` tries again
done         its result is in the log
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult, select

from linkage_service.error_codes import ServiceCode
from linkage_service.runs.leases import Lease, LostLeaseError
from linkage_service.runs.progress import Progress
from linkage_service.storage.records import Database
from linkage_service.storage.records.tables import runs
from policy.base.errors import NotYet
from policy.base.words import Words

Place = tuple[str, str]  # a project and one of its runs


@dataclass(frozen=True)
class RunStates:
    """One row per run: state, attempt, finished tiles, and why the run failed, if it did."""

    database: Database

    def read(self, project_id: str, run: str, now: int) -> tuple[Progress, dict[str, Any] | None]:
        """Progress of a run, and why it waits or failed; raises NotYet if it was never started."""
        query = select(runs).filter_by(project=project_id, run=run)
        with self.database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise NotYet(
                ServiceCode.RUN_NOT_STARTED,
                Words("Pemadanan ini belum dimulai.", "This run has not been started."),
                Words("Jalankan 'padan-linkage start-run'.", "Run 'padan-linkage start-run'."),
            )
        return Progress.of(row, now), json.loads(row["reason"] or "null")

    def all(self, project_id: str, now: int) -> list[Progress]:
        """Progress of every run of the project that was ever started, by name."""
        query = select(runs).filter_by(project=project_id).order_by(runs.c.run)
        with self.database.reading() as connection:
            return [Progress.of(row, now) for row in connection.execute(query).mappings()]

    def under_way(self) -> dict[Place, int]:
        """The runs that are to be worked on, of all projects, with their attempt numbers."""
        query = select(runs.c.project, runs.c.run, runs.c.attempt).filter_by(state="running")
        with self.database.reading() as connection:
            found = connection.execute(query.order_by(runs.c.project, runs.c.run))
            return {(project, run): int(attempt) for project, run, attempt in found}

    def announce(self, project_id: str, run: str, *, again: bool = False) -> None:
        """Let a worker take the run: its first attempt, or the next one.

        The next attempt begins if the last was cancelled or failed, if it waits (it tries again at
        once), or if it is done and `again`. A run that is at work is left alone.
        """
        place = {"project": project_id, "run": run}
        with self.database.writing(project_id) as connection:
            known = connection.execute(select(runs).filter_by(**place)).mappings().first()
            if known is None:
                fresh = {"state": "running", "tiles_done": 0, "tiles_total": 0, "error": ""}
                connection.execute(runs.insert().values(**place, **fresh, attempt=1))
                return
            at_work = known["state"] == "running" and not known["error"]
            if at_work or (known["state"] == "done" and not again):
                return
            started = {"state": "running", "step": "", "error": "", "reason": ""}
            next_one = {**started, "attempt": int(known["attempt"]) + 1}
            connection.execute(runs.update().filter_by(**place).values(**next_one))

    def is_in_the_log(self, project_id: str, run: str) -> None:
        """Mark a run as done whose statement came back from a member's copy of the log."""
        done = {"state": "done", "error": "", "reason": ""}
        with self.database.writing(project_id) as connection:
            query = runs.update().filter_by(project=project_id, run=run)
            connection.execute(query.values(**done))

    def cancel(self, project_id: str, run: str | None = None) -> None:
        """Mark a run that is under way as cancelled; every such run of the project if None."""
        place = {"state": "running"} if run is None else {"state": "running", "run": run}
        stopped = {"state": "cancelled", "error": "", "reason": ""}
        with self.database.writing(project_id) as connection:
            query = runs.update().filter_by(project=project_id, **place)
            connection.execute(query.values(**stopped))


@dataclass(frozen=True)
class Task:
    """One attempt at a run, by the process that holds its lease."""

    project: str
    run: str
    attempt: int
    lease: Lease

    @property
    def place(self) -> Place:
        return self.project, self.run


def lease_name(project_id: str, run: str = "") -> str:
    """The name of a run's lease; without a run the prefix of all of the project."""
    return f"run/{project_id}/{run}"


@dataclass(frozen=True)
class TaskRow:
    """The row of a run as the worker of one attempt writes it: never after it lost its lease."""

    database: Database
    task: Task

    def note(self, **values: Any) -> None:
        """Write these columns; raises LostLeaseError if this attempt is not the current one."""
        with self._held() as connection:
            self.note_in(connection, **values)

    def note_in(self, connection: Connection, **values: Any) -> None:
        """The same, in a transaction that also writes something else."""
        self.task.lease.check(connection)
        place = {"project": self.task.project, "run": self.task.run}
        current = {**place, "attempt": self.task.attempt, "state": "running"}
        done = connection.execute(runs.update().filter_by(**current).values(**values))
        assert isinstance(done, CursorResult)
        if not done.rowcount:
            raise LostLeaseError(self.task.lease.name)

    @contextmanager
    def _held(self) -> Iterator[Connection]:
        with self.database.writing(self.task.project) as connection:
            yield connection
