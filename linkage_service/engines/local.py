"""Units on this machine's cores: processes that map the same arrays.

If a process dies (SIGKILL, out of memory), another one gets its unit, and a new
process replaces it. A unit that ends three processes is refused by name.
When the service dies, its processes find their pipes closed and exit.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from linkage_service.engines.job import SearchJob
from linkage_service.engines.scratch import Shared, run_folder, share
from linkage_service.error_codes import ServiceCode
from linkage_service.matching import Unit
from policy.base.errors import BadInput
from policy.base.words import Words

# A process takes about a second to start: the comparisons of one core in that time.
WORTH_A_PROCESS = 1_000_000_000
MOST_DEATHS = 3
_POLL_SECONDS = 0.25
_Numbered = tuple[int, Unit]

# The service has threads, and a fork would copy their locks in any state.
_processes = multiprocessing.get_context("spawn")


@contextmanager
def on_this_machine(processes: int | None, job: SearchJob, scratch: Path) -> Iterator[Local]:
    """`processes` workers; None is one for each core, and none if the run is small."""
    with run_folder(scratch) as folder:
        engine = Local(processes, job, folder)
        try:
            yield engine
        finally:
            engine.close()


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: Connection
    unit: _Numbered | None = None


class Local:
    """One job on some processes of this machine."""

    def __init__(self, processes: int | None, job: SearchJob, folder: Path) -> None:
        self._processes = processes
        self._job = job
        self._folder = folder
        self._waiting: deque[_Numbered] = deque()
        self._workers: list[_Worker] = []
        self._deaths: Counter[int] = Counter()

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers."""
        return [worker.process.pid for worker in self._workers if worker.process.pid]

    def submit(self, number: int, unit: Unit) -> None:
        self._waiting.append((number, unit))

    def results(self, stopping: Callable[[], bool]) -> Iterator[tuple[int, bytes]]:
        processes = min(self._wanted(), len(self._waiting))
        if processes < 1:
            yield from self._in_this_process(stopping)
            return
        shared = share(self._job, self._folder)
        self._workers = [_start(shared) for _ in range(processes)]
        while self._waiting or any(worker.unit for worker in self._workers):
            self._occupy()
            ready = wait([w.pipe for w in self._workers if w.unit], timeout=_POLL_SECONDS)
            if stopping():
                return
            for worker in [w for w in self._workers if w.pipe in ready]:
                found = self._collect(worker, shared)
                if found is not None:
                    yield found

    def close(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()
        self._workers = []

    def _wanted(self) -> int:
        if self._processes is not None:
            return self._processes
        comparisons = sum(unit.comparisons for _, unit in self._waiting)
        # One process would do no more than this process can do itself.
        useful = min(cores(), comparisons // WORTH_A_PROCESS)
        return useful if useful > 1 else 0

    def _in_this_process(self, stopping: Callable[[], bool]) -> Iterator[tuple[int, bytes]]:
        while self._waiting and not stopping():
            number, unit = self._waiting.popleft()
            yield number, self._job.result(unit)

    def _occupy(self) -> None:
        for worker in self._workers:
            if worker.unit is None and self._waiting:
                worker.unit = self._waiting.popleft()
                try:
                    worker.pipe.send(worker.unit[1])
                except OSError:
                    continue  # it is dead; its pipe reports this soon

    def _collect(self, worker: _Worker, shared: Shared) -> tuple[int, bytes] | None:
        """A worker's result; None if it died and its unit was returned to the queue."""
        assert worker.unit is not None
        number, unit = worker.unit
        try:
            found = worker.pipe.recv()
        except (EOFError, OSError):
            self._deaths[number] += 1
            if self._deaths[number] >= MOST_DEATHS:
                raise _deadly(number) from None
            self._waiting.appendleft((number, unit))
            worker.process.join()
            worker.pipe.close()
            self._workers[self._workers.index(worker)] = _start(shared)
            return None
        worker.unit = None
        if isinstance(found, Exception):
            raise found
        return number, found


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start(shared: Shared) -> _Worker:
    ours, theirs = _processes.Pipe()
    process = _processes.Process(target=_work, args=(theirs, shared), daemon=True)
    process.start()
    # With our copy closed, the pipe ends when the process ends.
    theirs.close()
    return _Worker(process, ours)


def _work(pipe: Connection, shared: Shared) -> None:
    """A worker's life: a unit in, its candidates out, until the pipe closes."""
    # Ctrl-C reaches the whole group; only the service decides what to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    job: SearchJob = shared.load()
    while True:
        try:
            unit = pipe.recv()
        except EOFError:
            return
        try:
            found: bytes | Exception = job.result(unit)
        except Exception as error:
            found = error
        try:
            pipe.send(found)
        except OSError:
            return


def _deadly(number: int) -> BadInput:
    return BadInput(
        ServiceCode.RUN_TILE_DEADLY,
        Words(
            f"Petak {number} menghentikan {MOST_DEATHS} proses, mungkin karena memori habis.",
            f"Tile {number} ended {MOST_DEATHS} processes, perhaps out of memory.",
        ),
        Words(
            "Kurangi --processes atau tambah memori, lalu mulai lagi; petak lain tidak diulang.",
            "Lower --processes or add memory, then start again; other tiles are not repeated.",
        ),
    )
