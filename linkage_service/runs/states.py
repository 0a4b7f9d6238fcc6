"""The state and progress of each run in the database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from linkage_service.error_codes import ServiceCode
from linkage_service.runs.progress import Progress
from linkage_service.storage.records import Database
from linkage_service.storage.records.tables import runs
from policy.base.errors import NotYet
from policy.base.words import Words


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

    def announce(
        self, project_id: str, run: str, *, again: bool = False, lost: bool = False
    ) -> int:
        """The run's attempt number, raised by one if the last was cancelled or failed, or if
        `again`. `lost`: nobody works on it although it is under way.

        A run that is done stays done, unless `again`.
        """
        place = {"project": project_id, "run": run}
        with self.database.writing(project_id) as connection:
            known = connection.execute(select(runs).filter_by(**place)).mappings().first()
            if known is None:
                fresh = {"state": "running", "tiles_done": 0, "tiles_total": 0, "error": ""}
                connection.execute(runs.insert().values(**place, **fresh, attempt=1))
                return 1
            attempt = int(known["attempt"])
            under_way, done = (known["state"] == each for each in ("running", "done"))
            if (under_way and not lost) or (done and not (again or lost)):
                return attempt
            started = {"state": "running", "error": "", "reason": "", "attempt": attempt + 1}
            connection.execute(runs.update().filter_by(**place).values(**started))
            return attempt + 1

    def is_current(self, project_id: str, run: str, attempt: int) -> bool:
        """Neither cancelled nor overtaken by a later attempt."""
        query = select(runs.c.state, runs.c.attempt).filter_by(project=project_id, run=run)
        with self.database.reading() as connection:
            return tuple(connection.execute(query).one()) == ("running", attempt)

    def note(self, project_id: str, run: str, **values: Any) -> None:
        """Write these columns of the run's row."""
        self._update(project_id, {"run": run}, values)

    def fail(self, project_id: str, run: str, attempt: int, code: str, reason: str) -> None:
        """Mark the attempt as failed, unless the run was cancelled or started again."""
        place = {"run": run, "attempt": attempt, "state": "running"}
        self._update(project_id, place, {"state": "failed", "error": code, "reason": reason})

    def cancel(self, project_id: str, run: str | None = None) -> None:
        """Mark a run that is under way as cancelled; every such run of the project if None."""
        place = {"state": "running"} if run is None else {"state": "running", "run": run}
        self._update(project_id, place, {"state": "cancelled"})

    def _update(self, project_id: str, place: dict[str, Any], values: dict[str, Any]) -> None:
        with self.database.writing(project_id) as connection:
            connection.execute(
                runs.update().filter_by(project=project_id, **place).values(**values)
            )
