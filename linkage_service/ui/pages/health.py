"""Health of the service: database, store, keys, clock, disk and workers; no facts of projects."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Protocol

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import func, select

from linkage_service.api.auth import service_of
from linkage_service.runs.states import lease_name
from linkage_service.service import Service
from linkage_service.storage.records.tables import runs
from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.visitors import Caretaker
from policy.base.words import Words

_NAMES = {
    "database": Words("Basis data", "Database"),
    "store": Words("Penyimpanan", "Store"),
    "keystore": Words("Kunci periode", "Epoch keys"),
    "roster": Words("Roster", "Roster"),
    "clock": Words("Jam", "Clock"),
    "disk": Words("Disk", "Disk"),
    "logs": Words("Log", "Logs"),
    "scratch": Words("Disk kerja", "Working disk"),
}
_GIB = 1024**3


class CheckedPart(Protocol):
    """One part of the service, as its readiness tells it."""

    @property
    def name(self) -> str: ...
    @property
    def ok(self) -> bool: ...
    @property
    def words(self) -> Words: ...
    @property
    def remedy(self) -> Words: ...
    @property
    def facts(self) -> Mapping[str, int]: ...
    @property
    def waits(self) -> bool: ...


class HealthPages:
    """What the person sees who keeps the service running."""

    def __init__(self, frame: ServiceFrame) -> None:
        self._frame = frame

    def show(self, request: Request, person: Caretaker) -> Response:
        service, lately = service_of(request), getattr(request.app.state, "readiness", None)
        parts: list[CheckedPart] = [] if lately is None else lately.checks()
        values: dict[str, Any] = {
            "parts_checked": sorted(parts, key=lambda part: (part.ok, not part.waits)),
            "names": _NAMES,
            "disks": _disks(parts),
            "gib": _gib,
            "now": service.clock(),
            "work": _work(service),
            "engine": service.settings.engine,
            "workers": _workers(service),
        }
        return self._frame.show(request, "health", **values)


def _disks(parts: list[CheckedPart]) -> Mapping[str, int]:
    """Bytes left, by part."""
    return next((each.facts for each in parts if each.name == "disk"), {})


def _work(service: Service) -> dict[str, int]:
    """How many runs there are in each state, in all projects; and of those under way, how many a
    process works on, and how many wait for one."""
    query = select(runs.c.state, func.count()).group_by(runs.c.state)
    with service.ledger.database.reading() as connection:
        found = {str(state): int(count) for state, count in connection.execute(query)}
    # A process that works on a run holds its lease.
    held = set(service.runs.leases.held_elsewhere("run/"))
    due = {lease_name(*place) for place in service.runs.states.under_way()}
    known = {state: found.get(state, 0) for state in ("running", "failed", "cancelled", "done")}
    return known | {"in_hand": len(due & held), "waiting": len(due - held)}


def _workers(service: Service) -> int | None:
    """Processes of the local engine; None if a cluster does the work."""
    engine = service.settings.engine
    if engine.kind != "local":
        return None
    return engine.processes if engine.processes is not None else os.cpu_count() or 1


def _gib(size: int) -> Words:
    text = f"{size / _GIB:,.1f}"
    return Words(f"{text.translate(str.maketrans(',.', '.,'))} GiB", f"{text} GiB")
