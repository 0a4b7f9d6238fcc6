"""Where the units of a run are matched: this machine's cores, or a Ray cluster.

An engine takes units and gives their results, in whatever order they finish. It keeps
nothing: what a unit found is stored by its caller, and a unit without a stored result is
submitted again. So a lost worker, node or service costs the units that were under way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from linkage_service.engines.job import Job
from linkage_service.error_codes import ServiceCode
from linkage_service.matching import Unit
from linkage_service.settings import EngineSettings
from policy.base.errors import NotYet
from policy.base.words import Words

__all__ = ["Engine", "Job", "opened"]


class Engine(Protocol):
    """One run's work on some machine or machines. Every engine finds the same pairs."""

    def submit(self, number: int, unit: Unit) -> None:
        """Put a unit of the plan, by its number, to those that are to be matched."""

    def results(self, stopping: Callable[[], bool]) -> Iterator[tuple[int, bytes]]:
        """Match what was submitted: each unit's number and `Candidates.to_bytes`, once.

        Ends early, within a second, once `stopping()` is true.
        """


def opened(settings: EngineSettings, job: Job, scratch: Path) -> AbstractContextManager[Engine]:
    """The engine of these settings, ready for one job; on leaving, nothing of it remains."""
    if settings.kind == "ray":
        try:
            from linkage_service.engines.ray import on_ray
        except ModuleNotFoundError:
            raise _no_ray() from None
        return on_ray(settings.ray_address, job)
    from linkage_service.engines.local import on_this_machine

    return on_this_machine(settings.processes, job, scratch)


def _no_ray() -> NotYet:
    return NotYet(
        ServiceCode.ENGINE_NO_RAY,
        Words("Ray tidak terpasang di sini.", "Ray is not installed here."),
        Words(
            'Pasang dengan: pip install "padan[ray]", atau pakai --engine local.',
            'Install it: pip install "padan[ray]", or use --engine local.',
        ),
    )
