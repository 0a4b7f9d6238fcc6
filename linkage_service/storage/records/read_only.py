"""A database to look at: nothing in it or around it changes, not even SQLite's own files."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, event, make_url

from linkage_service.storage.records.database import Database


def look_into(url: str) -> Database:
    """Connect to a database that exists; what would write raises a SQLAlchemyError."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return _sqlite(Path(parsed.database))
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    return Database(engine.execution_options(postgresql_readonly=True))


def _sqlite(path: Path) -> Database:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(_address(path), uri=True, timeout=30, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return Database(engine)


def _address(path: Path) -> str:
    """Without a write-ahead log nobody has it open, and SQLite need not make files to share it."""
    log = path.with_name(f"{path.name}-wal")
    return f"{path.absolute().as_uri()}?mode=ro{'' if log.exists() else '&immutable=1'}"
