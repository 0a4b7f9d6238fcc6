"""Looks at a running service; the judgements are in `checks`."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, make_url, select, text

from linkage_service import logs
from linkage_service.readiness import checks
from linkage_service.readiness.checks import Found, PartCheck
from linkage_service.service import Service
from linkage_service.storage.awaited import awaited_projects
from linkage_service.storage.opening import identity
from linkage_service.storage.records.database import Database, newest_revision
from linkage_service.storage.records.tables import cosignatures, stores
from policy.base.dates import at_second
from policy.base.errors import PadanError, Refused
from policy.log import time_of_line
from policy.project import Project
from policy.retention import require_not_destroyed
from policy.statements import EpochOpened

_PROBE = "readiness"
_NEWEST_COSIGNATURES = 200


def look(service: Service, *, writes: bool = True) -> list[PartCheck]:
    """Every check, in the order in which a person would repair. Never raises.

    `writes` says whether to write a blob into the store, and to delete it again.
    """
    looks: tuple[tuple[checks.Name, Callable[[Service], PartCheck]], ...] = (
        ("disk", _disk),
        ("database", _database),
        ("store", partial(_store, writes=writes)),
        ("keystore", _keystore),
        ("roster", _roster),
        ("clock", _clock),
        ("logs", _logs),
    )
    return [_safely(name, look_at, service) for name, look_at in looks]


def _safely(
    name: checks.Name, look_at: Callable[[Service], PartCheck], service: Service
) -> PartCheck:
    try:
        return look_at(service)
    except Exception as error:  # one broken part hides no other
        logs.failed(f"readiness.{name}", error)
        return checks.broken(name, error)


def _disk(service: Service) -> PartCheck:
    """Of parts in folders; a database or store elsewhere has its own disk."""
    settings = service.settings
    parts = {"scratch": settings.scratch, "keystore": settings.keystore}
    if not settings.store.url:
        parts["store"] = settings.blobs
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        parts["database"] = Path(url.database)
    free = {name: shutil.disk_usage(_existing(path)).free for name, path in parts.items()}
    return checks.disk(free, settings.least_free_bytes)


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    return next(each for each in (path, *path.absolute().parents) if each.exists())


def _database(service: Service) -> PartCheck:
    database = service.ledger.database
    try:
        schema = _schema(database)
    except Exception as error:  # of a driver, whose text may have values
        logs.failed("readiness.database", error)
        schema = None
    return checks.database(schema, newest_revision())


def _schema(database: Database) -> str:
    """The revision of a database that answers and whose pages are sound."""
    with database.reading() as connection:
        if connection.dialect.name == "sqlite":
            (found,) = connection.execute(text("PRAGMA quick_check(1)")).scalars()
            if found != "ok":
                raise ValueError("the pages of the database are damaged")
        return MigrationContext.configure(connection).get_current_revision() or ""


def _store(service: Service, *, writes: bool) -> PartCheck:
    blobs, kept = service.blobs, None if not writes else False
    found: Found = "unreachable"
    name, data = f"{_PROBE}/{secrets.token_hex(8)}", secrets.token_bytes(32)
    with service.ledger.database.reading() as connection:
        expected = connection.execute(select(stores.c.id)).scalar()
    try:
        mine = identity(blobs.store)
        found = _compared(expected, mine.id if mine else None)
        if writes:
            blobs.put(name, data)
            try:
                kept = blobs.get(name) == data
            finally:
                blobs.delete(name)
    except Exception as error:  # of a store, whose text may have paths and keys
        logs.failed("readiness.store", error)
    return checks.store(found, kept)


def _compared(expected: str | None, found: str | None) -> Found:
    if found is None:
        return "missing"
    return "same" if found == expected else "other"


def _keystore(service: Service) -> PartCheck:
    expected = missing = closed = 0
    for project in _with_kept_encodings(service):
        name, epoch = project.charter.project, project.charter.epoch
        expected += 1
        if not service.keystore.has(name, epoch):
            missing += 1
            continue
        try:
            service.keystore.get(name, epoch)
        except PadanError:
            closed += 1
    return checks.keystore(expected, missing, closed)


def _with_kept_encodings(service: Service) -> Iterator[Project]:
    for project_id in service.ledger.projects():
        project = service.ledger.project(project_id)
        if project.of(EpochOpened) and not _is_destroyed(project):
            yield project


def _is_destroyed(project: Project) -> bool:
    try:
        require_not_destroyed(project, "service-key")
    except Refused:
        return True
    return False


def _roster(service: Service) -> PartCheck:
    me, roster = service.me.member, service.ledger.roster
    if not roster.has_member(me.id):
        return checks.roster(known=False, same_keys=False, valid=False)
    try:
        service.me.require_keys(roster)
        same_keys = True
    except PadanError:
        same_keys = False
    try:
        roster.valid_member(me.id, at_second(service.clock()).date())
        valid = True
    except PadanError:
        valid = False
    return checks.roster(known=True, same_keys=same_keys, valid=valid)


def _logs(service: Service) -> PartCheck:
    with service.ledger.database.reading() as connection:
        return checks.logs(len(awaited_projects(connection)))


def _clock(service: Service) -> PartCheck:
    """By the cosignatures that were kept last, in all projects."""
    newest = select(cosignatures.c.member, cosignatures.c.line, cosignatures.c.newest)
    latest = newest.order_by(
        func.coalesce(cosignatures.c.changed, 0).desc(), cosignatures.c.size.desc()
    ).limit(_NEWEST_COSIGNATURES)
    seen: dict[str, int] = {}
    with service.ledger.database.reading() as connection:
        for member, line, later in connection.execute(latest):
            at = time_of_line(later or line)
            seen[member] = max(seen.get(member, 0), at)
    return checks.clock(service.clock(), seen)
