"""DBOS at work for one service: which steps of a run are done outlives the process.

Workflows belong to the process that started them, by its executor id. DBOS hands workflows that
it recovers to any process of the same application, so each executor is an application of its own,
and so is its version, since versions belong to one application.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from dbos import DBOS, DBOSConfig, SetWorkflowID

Act = Callable[..., None]

_EARLIER_EXECUTOR = "padan-linkage-1"  # of every process of builds before executor ids


class Workflow(Protocol):
    """What to do, in steps. Arguments are strings and numbers, which are stored."""

    @property
    def steps(self) -> tuple[Act, ...]:
        """Functions of names that differ; each is done once, however often a process ends."""
        ...

    def follow(self, steps: dict[str, Act], *arguments: Any) -> None:
        """The workflow itself; calls the steps, by the names of their functions."""
        ...


@dataclass(frozen=True)
class Durable:
    """Starts workflows of one kind, in this process."""

    run: Act
    # DBOS itself is one a process: it keeps what is at work in globals of its own.
    _one_a_process: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    @contextmanager
    def launched(cls, url: str, executor: str, workflow: Workflow) -> Iterator[Durable]:
        """Take up what this executor left unfinished, and leave the rest to its next launch.

        Raises RuntimeError where this process has launched one already.
        """
        if not cls._one_a_process.acquire(blocking=False):
            raise RuntimeError("DBOS runs one service in a process; start another process")
        try:
            durable = cls(_registered(workflow))
            config = DBOSConfig(
                name=f"padan-linkage-{executor}",
                system_database_url=url,
                executor_id=executor,
                application_version=f"1-{executor}",
                log_level="ERROR",
                enable_otlp=False,
            )
            DBOS(config=config)
            DBOS.launch()
            yield durable
        finally:
            # The registry holds the workflow, and with it the service, of this launch alone.
            DBOS.destroy(destroy_registry=True)
            cls._one_a_process.release()

    def start(self, name: str, *arguments: Any) -> None:
        """Start the workflow under this name; one that was started stays as it is."""
        with SetWorkflowID(name):
            DBOS.start_workflow(self.run, *arguments)

    def is_of_earlier_build(self, name: str) -> bool:
        """It was started by a build whose workflows no process takes up any more."""
        status = DBOS.get_workflow_status(name)
        return status is not None and status.executor_id == _EARLIER_EXECUTOR


def _registered(workflow: Workflow) -> Act:
    steps = {each.__name__: _step(each) for each in workflow.steps}

    @DBOS.workflow(name="match")
    def match(*arguments: Any) -> None:
        workflow.follow(steps, *arguments)

    return match


def _step(act: Act) -> Act:
    """A function of its own, since DBOS notes its name on it."""

    @DBOS.step(name=act.__name__)
    def step(*arguments: Any) -> None:
        act(*arguments)

    return step
