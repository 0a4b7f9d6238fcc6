"""The runs of one service, as its API sees them: start, stop, and how far they are.

Nothing is worked on here. `start` marks a run as under way in the database; a worker of any process
of this service takes it (`worker.py`) and carries it out (`attempt.py`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from linkage_service import logs
from linkage_service.error_codes import ServiceCode
from linkage_service.intake.bundles import Intake
from linkage_service.runs.executors import executor_id
from linkage_service.runs.leases import LAPSE_SECONDS, Leases
from linkage_service.runs.progress import Progress
from linkage_service.runs.results import Results
from linkage_service.runs.search import order_of
from linkage_service.runs.states import RunStates, lease_name
from linkage_service.settings import Settings
from linkage_service.storage.blobs import Blobs
from linkage_service.storage.ledger import Ledger
from policy.base.clocks import Clock
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.formats.http_api import RunState
from policy.law.conditions import require_covered, require_run_gate
from policy.retention import require_rows

_MOST_WAIT_SECONDS = 60
_POLL_SECONDS = 0.1


@dataclass
class Runs:
    """The runs of one service; `leases` are those of this process, within `identified`."""

    settings: Settings
    ledger: Ledger
    blobs: Blobs
    intake: Intake
    clock: Clock
    stopping: threading.Event = field(default_factory=threading.Event)  # the service should end
    started: threading.Event = field(default_factory=threading.Event)  # a worker here may look
    leases: Leases = field(init=False)

    def __post_init__(self) -> None:
        self.leases = Leases(self.ledger.database, "")

    @property
    def states(self) -> RunStates:
        return RunStates(self.ledger.database)

    @contextmanager
    def identified(self) -> Iterator[None]:
        """Give this process its own id and let it hold leases, as long as the context lasts.

        What a process of the same id held before it ended is free again at once.
        """
        self.stopping.clear()
        given, folder = self.settings.executor_id, self.settings.executors
        with nullcontext(given) if given else executor_id(folder) as executor:
            self.leases = Leases(self.ledger.database, executor)
            try:
                self.leases.release_all()
            except SQLAlchemyError as error:
                logs.failed("lease.not-released", error)  # a full disk: they lapse
            with self.leases.beating():
                yield

    # -- what the coordinator asks for ------------------------------------------------------

    def start(self, project_id: str, run: str) -> None:
        """Start an ordered run, or start a cancelled, failed or waiting one again.

        A run that is at work is left alone, and so is one that is done and whole.
        """
        stored = Results(self.blobs, project_id, run)
        self._start(project_id, run, again=stored.parts.are_damaged())

    def compute_again(self, project_id: str, run: str) -> None:
        """Solve a finished run again from its tiles: its stored result is not as logged."""
        self._start(project_id, run, again=True)

    def _start(self, project_id: str, run: str, *, again: bool) -> None:
        project, now = self.ledger.project(project_id), self.clock()
        order = order_of(project, run)
        require_covered(project, [order], self.ledger.cosigned(project_id))
        self.ledger.require_plausible(project_id, now)
        require_run_gate(project, now, order.statement)
        require_rows(project, now)
        self.states.announce(project_id, run, again=again)
        self.started.set()

    def cancel(self, project_id: str, run: str) -> None:
        """Stop a run that is under way; its tiles stay, and `start` reuses them."""
        self.states.cancel(project_id, run)
        self.started.set()

    def halt(self, project_id: str) -> None:
        """Cancel a project's runs for good, and wait until no process works on them."""
        self.states.cancel(project_id)
        self.started.set()
        deadline = time.monotonic() + _MOST_WAIT_SECONDS + LAPSE_SECONDS
        while self.leases.held_elsewhere(lease_name(project_id)):
            if time.monotonic() > deadline:
                raise NotYet(
                    ServiceCode.RUN_STILL_STOPPING,
                    Words("Pemadanan masih berhenti.", "A run is still coming to its end."),
                    Words("Ulangi sebentar lagi.", "Try again in a moment."),
                )
            time.sleep(_POLL_SECONDS)

    def state(self, project_id: str, run: str) -> RunState:
        """Progress as the database has it, for the API."""
        progress, reason = self.states.read(project_id, run, self.clock())
        actions = {"can_stop": progress.can_stop, "can_go_on": progress.can_go_on}
        return RunState(**asdict(progress), **actions, waits=progress.waits, reason=reason)

    def progress(self, project_id: str) -> list[Progress]:
        """Every run of a project that was ever started, by name."""
        return self.states.all(project_id, self.clock())
