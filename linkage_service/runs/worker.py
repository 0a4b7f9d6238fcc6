"""A worker: takes runs that nobody works on, has them carried out, and looks after them.

The work itself is a `Job`, in a process of its own or in a thread. The worker kills the job of a
run that was stopped, or whose lease is lost. It tries a run that waits again, after 1, 2, 4 ...
seconds, and gives a run up whose process died MOST_DEATHS times.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from sqlalchemy.exc import SQLAlchemyError

from linkage_service import logs
from linkage_service.error_codes import ServiceCode
from linkage_service.runs.leases import Leases, LostLeaseError
from linkage_service.runs.states import Place, RunStates, Task, TaskRow, lease_name
from policy.base.errors import BadInput
from policy.base.words import Words

LOOK_SECONDS = 0.5
MOST_DEATHS = 3
_LONGEST_PAUSE_SECONDS = 30.0
_MOST_WAIT_SECONDS = 60.0  # for a thread that solves, when the service stops


class Job(Protocol):
    """The work of one task, under way somewhere."""

    def ended(self) -> Literal["", "settled", "later", "died"]:
        """How it ended; empty while it has not."""
        ...

    def stop(self) -> None:
        """Have it end soon; what it has stored stays."""
        ...


@dataclass
class _Pause:
    """Why a run is not taken again at once."""

    attempt: int
    tries: int = 0
    deaths: int = 0
    until: float = 0.0


@dataclass
class Worker:
    """The runs that this process works on. `look` is called by one thread."""

    states: RunStates
    leases: Leases
    carry: Callable[[Task], Job]
    at_once: int
    wake: threading.Event = field(default_factory=threading.Event)
    _jobs: dict[Place, tuple[Task, Job]] = field(default_factory=dict)
    _pauses: dict[Place, _Pause] = field(default_factory=dict)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Work in a thread for the duration of the context; at its end stop every job."""
        stop = threading.Event()
        thread = threading.Thread(target=self._until, args=(stop,), name="worker", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            self.wake.set()
            thread.join()

    def look(self) -> None:
        """See what became of the jobs, then take runs that nobody works on."""
        try:
            under_way: dict[Place, int] | None = self.states.under_way()
        except SQLAlchemyError as error:
            logs.failed("worker.no-database", error)
            under_way = None
        for task, job in list(self._jobs.values()):
            self._look_after(task, job, under_way)
        for place, attempt in (under_way or {}).items():
            if len(self._jobs) >= self.at_once:
                return
            if place not in self._jobs and self._is_time(place, attempt):
                self._take(place, attempt)

    def _until(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.wake.clear()
            try:
                self.look()
            except Exception as error:
                logs.failed("worker.failed", error)
            if not stop.is_set():
                self.wake.wait(LOOK_SECONDS)
        for _, job in self._jobs.values():
            job.stop()
        deadline = time.monotonic() + _MOST_WAIT_SECONDS
        for task, job in self._jobs.values():
            while not job.ended() and time.monotonic() < deadline:
                time.sleep(0.01)
            if job.ended():
                self.leases.release(task.lease)
        self._jobs.clear()

    def _take(self, place: Place, attempt: int) -> None:
        try:
            lease = self.leases.claim(lease_name(*place))
        except SQLAlchemyError as error:
            logs.failed("worker.no-database", error)
            return
        if lease is None:
            return
        task = Task(*place, attempt, lease)
        try:
            self._jobs[place] = task, self.carry(task)
        except OSError as error:  # no memory or no place for another process
            logs.failed("worker.not-begun", error)
            self._pause(task, died=False)
            self.leases.release(lease)

    def _look_after(self, task: Task, job: Job, under_way: dict[Place, int] | None) -> None:
        ended = job.ended()
        unwanted = under_way is not None and under_way.get(task.place) != task.attempt
        if not ended:
            if unwanted or not self.leases.is_held(task.lease):
                job.stop()
            return
        del self._jobs[task.place]
        if unwanted or ended == "settled":
            self._pauses.pop(task.place, None)
        else:
            self._pause(task, died=ended == "died")
        self.leases.release(task.lease)

    def _pause(self, task: Task, *, died: bool) -> None:
        pause = self._pauses.get(task.place)
        if pause is None or pause.attempt != task.attempt:
            pause = self._pauses[task.place] = _Pause(task.attempt)
        seconds = min(2.0**pause.tries, _LONGEST_PAUSE_SECONDS)
        pause.tries, pause.until = pause.tries + 1, time.monotonic() + seconds
        pause.deaths += died
        if pause.deaths >= MOST_DEATHS:
            row, error = TaskRow(self.states.database, task), _deadly()
            try:
                row.note(state="failed", error=error.code, reason=json.dumps(error.as_json()))
            except (LostLeaseError, SQLAlchemyError) as found:
                logs.failed("worker.not-noted", found)

    def _is_time(self, place: Place, attempt: int) -> bool:
        """Whether the pause of this attempt is over; another attempt has none."""
        pause = self._pauses.get(place)
        return pause is None or pause.attempt != attempt or time.monotonic() >= pause.until


def _deadly() -> BadInput:
    return BadInput(
        ServiceCode.RUN_DEADLY,
        Words(
            f"Pemadanan ini menghentikan {MOST_DEATHS} prosesnya, mungkin karena memori habis.",
            f"This run ended {MOST_DEATHS} processes of its own, perhaps out of memory.",
        ),
        Words(
            "Tambah memori atau kurangi --runs-at-once, lalu 'padan-linkage start-run'; petak yang"
            " selesai tidak diulang.",
            "Add memory or lower --runs-at-once, then 'padan-linkage start-run'; finished tiles"
            " are not repeated.",
        ),
    )
