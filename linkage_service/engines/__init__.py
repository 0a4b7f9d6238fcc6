"""Matches the units of a run: on this machine's cores, or on a Ray cluster.

An engine takes units and returns their results in any order. It stores nothing: the caller stores
each result, and submits a unit without a stored result again. So the loss of a worker, node or
service costs only the units in progress.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from linkage_service.engines.job import SearchJob
from linkage_service.error_codes import ServiceCode
from linkage_service.matching import Unit
from linkage_service.settings import EngineSettings
from policy.base.errors import NotYet
from policy.base.words import Words

__all__ = ["Engine", "SearchJob", "opened"]


class Engine(Protocol):
    """Runs one job on one or more machines. Every engine finds the same pairs."""

    def submit(self, number: int, unit: Unit) -> None:
        """Add a unit of the plan, by its number, to the units to match."""

    def results(self, stopping: Callable[[], bool]) -> Iterator[tuple[int, bytes]]:
        """Match the submitted units; yields each unit's number and `Candidates.to_bytes` once.

        Ends early, within a second, once `stopping()` is true.
        """


def opened(
    settings: EngineSettings, job: SearchJob, scratch: Path
) -> AbstractContextManager[Engine]:
    """The engine for these settings, ready for one job; on exit it leaves nothing behind."""
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
