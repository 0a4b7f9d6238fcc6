"""The nonces of requests: each is accepted once, until it expires.

A nonce waits for no project and no project waits for it. It is one row, which its key keeps from
being inserted twice; those of all requests at hand are inserted in one transaction. On SQLite,
where a writer waits for every other writer of its file, nonces have a file of their own. They need
not outlive a power cut: a file that lost its newest rows repeats at most an answer, since every
statement is accepted once.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from sqlalchemy import Engine, create_engine, delete, event, make_url
from sqlalchemy.dialects import postgresql, sqlite

from linkage_service.storage.records.database import Database
from linkage_service.storage.records.tables import nonces
from linkage_service.storage.together import Together

_SWEEP_SECONDS = 60  # between two removals of expired nonces
_INSERTS = {
    name: dialect.insert(nonces).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_Nonce = tuple[str, str, int]  # member, nonce, when it expires


@dataclass
class Nonces:
    """Nonces that were used and have not expired."""

    engine: Engine
    _swept: int = field(default=0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self._together = Together[_Nonce, bool](self._use)

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
        return self._together.ask((member, nonce, expires))

    def _use(self, wanted: Sequence[_Nonce]) -> list[bool | BaseException]:
        free: dict[int, bool] = {}
        with self.engine.begin() as connection:
            insert = _INSERTS[connection.dialect.name]
            # In one order in all processes, or PostgreSQL would let two wait for each other.
            for number, (member, nonce, expires) in sorted(enumerate(wanted), key=itemgetter(1)):
                row = {"member": member, "nonce": nonce, "expires": expires}
                free[number] = connection.execute(insert, row).rowcount == 1
        return [free[number] for number in range(len(wanted))]

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
