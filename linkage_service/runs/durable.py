"""DBOS for one service: finished steps of a run stay finished when the process ends.

A workflow belongs to the process that started it, by executor id. DBOS hands recovered workflows
to any process of the same application. So each executor is an application with its own name and
version.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from dbos import DBOS, DBOSConfig, SetWorkflowID

Act = Callable[..., None]

_EARLIER_EXECUTOR = "padan-linkage-1"  # the id in builds without executor ids


class Workflow(Protocol):
    """The work, in steps. Arguments are strings and numbers, which DBOS stores."""

    @property
    def steps(self) -> tuple[Act, ...]:
        """Functions with different names; each one is done once, however often a process ends."""
        ...

    def follow(self, steps: dict[str, Act], *arguments: Any) -> None:
        """The workflow itself; calls the steps by their function names."""
        ...


@dataclass(frozen=True)
class Durable:
    """Starts workflows of one kind, in this process."""

    run: Act
    # A process has one DBOS, which keeps its state in globals.
    _one_a_process: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    @contextmanager
    def launched(cls, url: str, executor: str, workflow: Workflow) -> Iterator[Durable]:
        """Resume this executor's unfinished workflows; at exit leave the rest to its next launch.

        Raises RuntimeError if this process has already launched one.
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
            # The registry refers to this launch's workflow and service, so it is destroyed too.
            DBOS.destroy(destroy_registry=True)
            cls._one_a_process.release()

    def start(self, name: str, *arguments: Any) -> None:
        """Start the workflow under this name, unless one with this name was started before."""
        with SetWorkflowID(name):
            DBOS.start_workflow(self.run, *arguments)

    def is_of_earlier_build(self, name: str) -> bool:
        """Whether an earlier build started the workflow; no process resumes such workflows."""
        status = DBOS.get_workflow_status(name)
        return status is not None and status.executor_id == _EARLIER_EXECUTOR


def _registered(workflow: Workflow) -> Act:
    steps = {each.__name__: _step(each) for each in workflow.steps}

    @DBOS.workflow(name="match")
    def match(*arguments: Any) -> None:
        workflow.follow(steps, *arguments)

    return match


def _step(act: Act) -> Act:
    """A new function for each step, since DBOS writes its name onto the function."""

    @DBOS.step(name=act.__name__)
    def step(*arguments: Any) -> None:
        act(*arguments)

    return step
