"""SQLite or PostgreSQL, synchronous, migrated at start.

A write transaction takes its lock at the beginning: SQLite by BEGIN IMMEDIATE, PostgreSQL by an
advisory lock on the project. So two processes can never append to one log at the same
position.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from linkage_service.error_codes import ServiceCode
from linkage_service.storage.records.readable import migrations, require_readable
from linkage_service.storage.records.reserve import give_up_reserve, keep_reserve
from policy.base.errors import NotYet
from policy.base.words import Words

_WRITES = {"padan_writes": True}
_ALONE = {"padan_alone": True}
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:project, 0))")
_PATIENCE_SECONDS = 30  # for the writer before, on SQLite
# Connections: more than there are threads, so that one which writes and reads waits for no other.
_KEPT, _MORE = 20, 80
_NAME = "padan"  # by which PostgreSQL knows these connections
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = :name AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True)
class Database:
    """Transactions on one engine."""

    engine: Engine
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot: the first and the last read see the same state."""
        with self._reader.begin() as connection:
            yield connection

    @contextmanager
    def one_look(self) -> Iterator[Connection]:
        """A connection for a single statement, which sees one state without a transaction."""
        with self._without_transactions.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *projects: str) -> Iterator[Connection]:
        """A transaction that no other write to these projects can interleave with."""
        with self._in_turn(), self._writer.begin() as connection:
            if self._is_postgresql:
                for project in sorted(projects):
                    connection.execute(_LOCK, {"project": project})
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Threads that write to SQLite wait here for each other: SQLite would let them sleep,
        for longer and longer, whether or not it is their turn. A thread that waits too long asks
        it."""
        if self._is_postgresql:
            yield
            return
        taken = self._turn.acquire(timeout=_PATIENCE_SECONDS)
        try:
            yield
        finally:
            if taken:
                self._turn.release()

    @cached_property
    def _reader(self) -> Engine:
        # By default each query of PostgreSQL sees a newer state: a head without its leaves.
        return self._at("REPEATABLE READ") if self._is_postgresql else self.engine

    @cached_property
    def _writer(self) -> Engine:
        return self.engine.execution_options(**_WRITES)

    @cached_property
    def _without_transactions(self) -> Engine:
        return (
            self._at("AUTOCOMMIT")
            if self._is_postgresql
            else self.engine.execution_options(**_ALONE)
        )

    @property
    def _is_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    def _at(self, level: str) -> Engine:
        return self.engine.execution_options(isolation_level=level)


def open_database(url: str) -> Database:
    """Connect and bring the schema up to date.

    Raises Refused if this build cannot read it, and NotYet if it does not answer.
    """
    database = connect(url)
    try:
        try:
            require_readable(database.engine)
            migrate(database)
            keep_reserve(url)
        except OperationalError:
            if not give_up_reserve(url):
                raise _silent() from None  # the driver's text has names of people and hosts
            require_readable(database.engine)
            migrate(database)  # a full disk: it can be read, and little be written
    except BaseException:
        database.close()
        raise
    return database


def connect(url: str) -> Database:
    """Connect; the schema stays as it is."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # Errors must not repeat the values to be stored.
    # A connection that broke while the server was away is replaced before it is used.
    named = {} if parsed.get_backend_name() == "sqlite" else {"application_name": _NAME}
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=_KEPT,
        max_overflow=_MORE,
        pool_pre_ping=True,
        connect_args=named,
    )
    if engine.dialect.name == "sqlite":
        _configure_sqlite(engine)
    return Database(engine)


def others_connected(url: str) -> bool:
    """Whether another process of Padan is connected to this database of PostgreSQL.

    False if it does not answer; SQLite does not tell.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return False
    database = connect(url)
    try:
        with database.reading() as connection:
            return bool(connection.execute(_OTHERS, {"name": _NAME}).scalar())
    except SQLAlchemyError:
        return False
    finally:
        database.close()


def _silent() -> NotYet:
    return NotYet(
        ServiceCode.SERVICE_DATABASE_SILENT,
        Words("Basis data tidak menjawab.", "The database does not answer."),
        Words(
            "Periksa apakah basis data berjalan, URL di --database-url-file benar, dan disknya"
            " punya ruang. Lalu ulangi.",
            "Check that the database runs, that the URL in --database-url-file is right, and that"
            " its disk has space. Then try again.",
        ),
    )


def _configure_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN comes too late and is never IMMEDIATE.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_SECONDS * 1000}")
        # Deleted rows are overwritten, not only unlinked from their page.
        connection.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("padan_alone", False):
            writes = options.get("padan_writes", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision; existing rows stay."""
    from alembic import command

    config = migrations()
    with database.writing("padan/migrations") as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def newest_revision() -> str:
    """The revision of this program's schema."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(migrations()).get_current_head() or ""
