"""Database, store, keys, roster, clock and disk, as `/ready` judges them; nothing is migrated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from linkage_service.doctor.workers import check_workers
from linkage_service.readiness import PartCheck, checks, look
from linkage_service.service import Service
from linkage_service.settings import Settings
from linkage_service.storage.awaited import awaited_projects
from linkage_service.storage.records.database import newest_revision
from linkage_service.storage.records.read_only import look_into
from policy.base.clocks import Clock
from policy.base.errors import PadanError
from policy.base.words import Words
from policy.members.home import Unlocked
from policy.terminal.checks import SelfCheck, Standing


def check_parts(settings: Settings, me: Unlocked, clock: Clock) -> Iterator[SelfCheck]:
    """What is behind a database that does not answer, or is of another version, is not looked at:
    this program cannot read it. Nothing is written, so `/ready` alone tries to write."""
    found = checks.database(_schema(settings.database_url), newest_revision())
    if not found.ok:
        yield _shown(found)
        yield SelfCheck(
            "parts",
            Standing.LOOK,
            Words(
                "Penyimpanan, kunci, roster, dan jam belum diperiksa.",
                "Store, keys, roster and clock were not examined.",
            ),
            Words("Perbaiki basis data dulu.", "Correct the database first."),
        )
        return
    try:
        service = Service.to_look_at(settings, me, clock)
    except PadanError as error:
        # The part that the code names: `store.wrong` is the store.
        yield SelfCheck(error.code.partition(".")[0], Standing.FIX, error.problem, error.hint)
        return
    except (OSError, SQLAlchemyError) as error:
        yield _shown(checks.broken("store", error))
        return
    try:
        parts = look(service, writes=False)
        yield from (_shown(each) for each in parts if not each.waits)
        yield from _waiting(service)
        yield check_workers(service.ledger.database)
    finally:
        service.close()


def _waiting(service: Service) -> Iterator[SelfCheck]:
    """Each log that waits for members' copies, and who has given back."""
    with service.ledger.database.reading() as connection:
        projects = awaited_projects(connection)
    for log in filter(None, map(service.ledger.awaited_log, projects)):
        yield SelfCheck(
            f"logs.{log.project}",
            Standing.LOOK,
            Words(
                f"Log {log.project} menunggu salinan anggota: {log.words.id}.",
                f"The log {log.project} waits for members' copies: {log.words.en}.",
            ),
            Words(
                f"Saksi yang belum menjalankan 'padan-policy give-back {log.project}'.",
                f"Witnesses who have not shown theirs run 'padan-policy give-back {log.project}'.",
            ),
        )


def _schema(url: str) -> str | None:
    """The revision that the database has; None if it does not answer, or is not there."""
    parsed = make_url(url)
    file = parsed.database if parsed.get_backend_name() == "sqlite" else None
    if file and not Path(file).is_file():
        return None
    database = look_into(url)
    try:
        with database.reading() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""
    except SQLAlchemyError:
        return None
    finally:
        database.close()


def _shown(part: PartCheck) -> SelfCheck:
    standing = Standing.FINE if part.ok else Standing.FIX
    return SelfCheck(part.name, standing, part.words, None if part.ok else part.remedy)
