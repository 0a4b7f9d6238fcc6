"""The nonces of requests: each is accepted once, until it expires.

A nonce waits for no project and no project waits for it. On PostgreSQL it is one row, which its key
keeps from being inserted twice. On SQLite, where a writer waits for every other writer of its file,
nonces have a file of their own. They need not outlive a power cut: a file that lost its newest rows
repeats at most an answer, since every statement is accepted once.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, create_engine, delete, event, insert, make_url
from sqlalchemy.exc import IntegrityError

from linkage_service.storage.records.database import Database
from linkage_service.storage.records.tables import nonces

_SWEEP_SECONDS = 60  # between two removals of expired nonces


@dataclass
class Nonces:
    """Nonces that were used and have not expired."""

    engine: Engine
    _swept: int = field(default=0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    @classmethod
    def of(cls, database: Database) -> Nonces:
        """Those of a service with this database."""
        url = make_url(database.engine.url)
        if database.engine.dialect.name != "sqlite" or not url.database:
            return cls(database.engine)
        path = Path(url.database)
        own = url.set(database=str(path.with_name(f"{path.stem}-nonces{path.suffix}")))
        engine = create_engine(own, hide_parameters=True, connect_args={"timeout": 30})
        _let_go_of_power_cuts(engine)
        nonces.create(engine, checkfirst=True)
        return cls(engine)

    def use(self, member: str, nonce: str, expires: int, now: int) -> bool:
        """Use a nonce; returns whether it was free. Times in Unix seconds."""
        self._sweep(now)
        row = {"member": member, "nonce": nonce, "expires": expires}
        try:
            with self.engine.begin() as connection:
                connection.execute(insert(nonces).values(row))
        except IntegrityError:
            return False
        return True

    def close(self) -> None:
        self.engine.dispose()

    def _sweep(self, now: int) -> None:
        with self._lock:
            if abs(now - self._swept) < _SWEEP_SECONDS:
                return
            self._swept = now
        with self.engine.begin() as connection:
            connection.execute(delete(nonces).where(nonces.c.expires < now))


def _let_go_of_power_cuts(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.close()
