"""Destroys what has reached its date, and attests it in the log.

    service-key    the epoch's key in the keystore: from then on nobody can open a bundle, not
                   from a backup of database and blobs, and not with all roster keys. The
                   seals left in the mailbox are deleted with it
    encodings      chunks, chunk lists, seals, lists of withdrawn rows
    candidates     tiles, groups, duplicates, calibration of every run
    staged-files   the files sealed to recipients, also those of attributes
    openings       the exact facts; the log keeps their commitments

The service's clock alone destroys nothing: witnesses must have cosigned on the due day or later.

One transaction locks the project's log while a thing is destroyed and attested: first the
law allows the attestation, then the thing is destroyed, then the attestation is committed. So no
hold comes in between. After a crash the thing is destroyed but not attested; the next sweep
attests it (with the count that this sweep found). Data written afterwards by a run that was still
ending is deleted by a later sweep.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Table, delete, func, select

from linkage_service import logs
from linkage_service.service import Service
from linkage_service.storage.records.tables import mailbox, openings
from policy.base.errors import Refused
from policy.gates.rules.case import day_of
from policy.project import Project
from policy.retention import Item, require_day_witnessed, require_destroyable, schedule
from policy.statements import CharterBody, Destroyed, Thing

_FOLDERS: dict[Thing, tuple[str, ...]] = {
    "encodings": ("chunks", "documents"),
    "candidates": ("runs",),
    "staged-files": ("releases", "transfers"),
}


@dataclass(frozen=True)
class Swept:
    """The result of one sweep."""

    project: str
    what: Thing
    count: int


_LEASE = "sweep"
_LATER_SECONDS = 10.0  # until the next try, while another process sweeps


class Sweeper:
    """Sweeps regularly; of all processes of a service, one at a time does."""

    def __init__(self, service: Service, every_seconds: float) -> None:
        self._service, self._every_seconds = service, every_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Sweep for the duration of the context; returns after the current sweep has ended."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()

    def sweep(self) -> bool:
        """One sweep of all projects, unless another process holds the lease; a failure is logged.

        Returns whether there was one.
        """
        leases = self._service.runs.leases
        try:
            lease = leases.claim(_LEASE)
            if lease is None:
                return False
            try:
                sweep(self._service, self._service.clock())
            finally:
                leases.release(lease)
        except Exception as error:
            logs.failed("retention.failed", error)
        return True

    def _run(self) -> None:
        swept = True
        while not self._stop.wait(self._every_seconds if swept else self._pause_seconds):
            swept = self.sweep()

    @property
    def _pause_seconds(self) -> float:
        return min(self._every_seconds, _LATER_SECONDS)


def own_items(service: Service, project_id: str, at: int) -> list[Item]:
    """The items that this service keeps of one project, the key first."""
    project = service.ledger.project(project_id)
    if not project.of(CharterBody):
        return []
    return [i for i in schedule(project, day_of(at)) if i.owner == service.me.member.id]


def sweep(service: Service, at: int, project_id: str | None = None) -> list[Swept]:
    """Destroy and attest everything that is due, in one project or in all.

    A project that fails is logged and tried again by the next sweep; other projects do not wait.
    """
    done: list[Swept] = []
    for each in [project_id] if project_id else service.ledger.projects():
        try:
            done += _sweep_project(service, each, at)
        except Exception as error:
            if project_id:
                raise
            logs.failed("retention.failed", error)
    return done


def _sweep_project(service: Service, project_id: str, at: int) -> Iterator[Swept]:
    items = own_items(service, project_id, at)
    for item in items:
        if item.state == "destroyed":
            yield from _remove_again(service, project_id, item.what)
    due = [item for item in items if item.state in ("due", "overdue")]
    if due:
        _require_time_come(service, project_id, min(item.due for item in due), at)
        service.runs.halt(project_id)
    for item in due:
        yield from _destroy(service, project_id, item.what, at)


def _require_time_come(service: Service, project_id: str, due: date, at: int) -> None:
    """Check that this clock can be right and witnesses confirm the day; raises NotYet.

    A single wrong clock would otherwise destroy data for good.
    """
    service.ledger.require_plausible(project_id, at)
    require_day_witnessed(due, service.ledger.witnessed(project_id))


def _destroy(service: Service, project_id: str, what: Thing, at: int) -> Iterator[Swept]:
    me = service.me.member.id
    with service.ledger.appending(project_id) as append:
        project = append.project
        try:
            item = require_destroyable(project, me, what, at)
            require_day_witnessed(item.due, append.witnessed())
        except Refused as refused:
            # Another process of this service was faster, or a hold was just placed.
            if refused.code in ("retention.destroyed", "retention.held"):
                return
            raise
        count = _count(service, append.connection, project, what)
        body = Destroyed(
            at=at, what=what, due=item.due, early=False, objects=item.objects, count=count
        )
        append.own(body)
        _remove(service, append.connection, project, what)
    yield Swept(project_id, what, count)


def _remove_again(service: Service, project_id: str, what: Thing) -> Iterator[Swept]:
    """Delete data from a run or an upload that was in progress when the thing was destroyed."""
    project = service.ledger.project(project_id)
    with service.ledger.database.reading() as connection:
        count = _count(service, connection, project, what)
    if count:
        with service.ledger.database.writing(project_id) as connection:
            _remove(service, connection, project, what)
        yield Swept(project_id, what, count)


def _count(service: Service, connection: Connection, project: Project, what: Thing) -> int:
    """The number of its keys, blobs or rows."""
    name, epoch = project.charter.project, project.charter.epoch
    if what == "service-key":
        return int(service.keystore.has(name, epoch)) + _rows(connection, mailbox, name)
    if what == "openings":
        copies = len(service.ledger.openings.names(name))
        return max(_rows(connection, openings, name), copies)
    return sum(len(service.blobs.under(f"{name}/{folder}")) for folder in _FOLDERS[what])


def _remove(service: Service, connection: Connection, project: Project, what: Thing) -> None:
    name = project.charter.project
    if what == "service-key":
        service.keystore.destroy(name, project.charter.epoch)
        connection.execute(delete(mailbox).where(mailbox.c.project == name))
    elif what == "openings":
        service.ledger.openings.destroy(name)
        connection.execute(delete(openings).where(openings.c.project == name))
    else:
        for folder in _FOLDERS[what]:
            service.blobs.delete_under(f"{name}/{folder}")


def _rows(connection: Connection, table: Table, project: str) -> int:
    query = select(func.count()).select_from(table).where(table.c.project == project)
    return int(connection.execute(query).scalar_one())
