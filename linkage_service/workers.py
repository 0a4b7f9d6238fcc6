"""Workers of a service: where its runs are carried out, and under whose id.

A run is carried out in a process of its own, so that requests never wait for it and its memory is
free again at its end. The process gets the service's keys through a pipe. It ends with the pipe,
that is with the process that started it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Literal

from linkage_service import logs
from linkage_service.engines.scratch import sweep
from linkage_service.runs.attempt import Attempt
from linkage_service.runs.states import Task
from linkage_service.runs.worker import Job, Worker
from linkage_service.service import Service
from linkage_service.settings import Settings
from policy.base.clocks import Clock
from policy.crypto.keys import key_secrets, keys_from_secrets
from policy.members.home import Home, Unlocked
from policy.members.roster import Member

Carrier = Callable[[Service, Task], Job]
_LATER, _NICER = 75, 5
_processes = multiprocessing.get_context("spawn")


@contextmanager
def at_work(service: Service, carrier: Carrier) -> Iterator[None]:
    """Take this service's runs and have them carried out, as long as the context lasts."""
    try:
        sweep(service.settings.scratch)
    except OSError as error:
        logs.failed("scratch.not-swept", error)
    runs = service.runs
    worker = Worker(
        runs.states,
        runs.leases,
        lambda task: carrier(service, task),
        service.settings.runs_at_once,
        runs.started,
    )
    with worker.at_work():
        try:
            yield
        finally:
            runs.stopping.set()


# -- in a process of its own -----------------------------------------------------------------


@dataclass
class ProcessJob:
    """A task in a process."""

    process: SpawnProcess
    pipe: Connection

    def ended(self) -> Literal["", "settled", "later", "died"]:
        if self.process.is_alive():
            return ""
        code = self.process.exitcode
        self.pipe.close()
        return "settled" if code == 0 else "later" if code == _LATER else "died"

    def stop(self) -> None:
        """At once: a run survives the death of its process at every moment."""
        self.process.kill()


def in_own_process(service: Service, task: Task) -> ProcessJob:
    """Start the task in a process that has its own connections and memory."""
    ours, theirs = _processes.Pipe()
    arguments = (theirs, service.settings, service.clock, task)
    process = _processes.Process(target=_work, args=arguments, name=f"run {task.run}")
    process.start()
    theirs.close()
    me = service.me
    rings = [key_secrets(keys) for keys in (me.keys, *me.earlier)]
    with suppress(OSError):  # it has ended already, as `ended` will tell
        ours.send((me.home.path, me.member.canonical(), rings))
    return ProcessJob(process, ours)


def _work(pipe: Connection, settings: Settings, clock: Clock, task: Task) -> None:
    """The life of such a process."""
    # Ctrl-C reaches the whole group; only the service decides what to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logs.configure()
    if hasattr(os, "nice"):
        os.nice(_NICER)  # requests first
    home, member, rings = pipe.recv()
    threading.Thread(target=_end_with, args=(pipe,), daemon=True).start()
    me = _unlocked(home, member, rings)
    try:
        service = Service.open(settings, me, clock)
        ended = attempt(service, task, lambda: False).carry_out()
    except Exception as error:
        # Without a database not even the service opens: that passes.
        logs.failed("run.not-begun", error)
        ended = "later"
    os._exit(0 if ended == "settled" else _LATER)


def _end_with(pipe: Connection) -> None:
    """End this process when the one that started it has ended."""
    try:
        pipe.recv()
    except (EOFError, OSError):
        os._exit(1)


def _unlocked(home: Path, member: bytes, rings: list[bytes]) -> Unlocked:
    keys, *earlier = [keys_from_secrets(each) for each in rings]
    return Unlocked(Home(home), Member.model_validate_json(member), keys, tuple(earlier))


# -- in a thread -----------------------------------------------------------------------------


@dataclass
class ThreadJob:
    """A task in a thread of this process, for a service that is embedded in a program."""

    thread: threading.Thread
    stopped: threading.Event
    outcome: list[Literal["settled", "later"]] = field(default_factory=list)

    def ended(self) -> Literal["", "settled", "later", "died"]:
        if self.thread.is_alive():
            return ""
        return self.outcome[0] if self.outcome else "died"

    def stop(self) -> None:
        self.stopped.set()


def in_a_thread(service: Service, task: Task) -> ThreadJob:
    """Start the task in a thread; it stops between two tiles or steps."""
    stopped = threading.Event()

    def stopping() -> bool:
        return stopped.is_set() or service.runs.stopping.is_set()

    def work() -> None:
        job.outcome.append(attempt(service, task, stopping).carry_out())

    job = ThreadJob(threading.Thread(target=work, name=f"run {task.run}", daemon=True), stopped)
    job.thread.start()
    return job


def attempt(service: Service, task: Task, stopping: Callable[[], bool]) -> Attempt:
    """The work of a task with the parts of this service."""
    parts = service.settings, service.ledger, service.blobs, service.intake, service.clock
    return Attempt(*parts, task, stopping)
