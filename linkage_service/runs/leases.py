"""Leases: which process does a piece of work, and until when the others leave it alone.

    claim    take a piece of work that nobody holds, or whose holder has been silent too long
    beat     once a second the holder raises a number, to show that it lives
    check    in the transaction of a result: the lease is still this one, or nothing is written

Nobody compares clocks. A process that waits for a lease watches the number by its own monotonic
clock, and takes the lease when the number has not changed for LAPSE_SECONDS. Every claim raises
the lease's fence. So a process that was only slow, and lost its lease, cannot write any more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, CursorResult, select
from sqlalchemy.exc import SQLAlchemyError

from linkage_service import logs
from linkage_service.storage.records import Database
from linkage_service.storage.records.tables import leases

BEAT_SECONDS = 1.0
LAPSE_SECONDS = 8.0


class LostLeaseError(Exception):
    """Another process holds this lease now: this one stops, and writes nothing."""


@dataclass(frozen=True)
class Lease:
    """One claim of one piece of work."""

    name: str
    fence: int

    def check(self, connection: Connection) -> None:
        """Lock the lease for this transaction; raises LostLeaseError if it is another's by now."""
        query = select(leases.c.fence, leases.c.holder).filter_by(name=self.name)
        found = connection.execute(query.with_for_update()).first()
        if found is None or found.fence != self.fence or not found.holder:
            raise LostLeaseError(self.name)


@dataclass
class Leases:
    """The leases of one process, which is `holder` in the database. Used by several threads.

    A lease in the name of `holder` that this process has not claimed is that of a process before
    it, which has ended: no two processes that live have one name.
    """

    database: Database
    holder: str
    monotonic: Callable[[], float] = time.monotonic
    _held: dict[str, Lease] = field(default_factory=dict)
    _seen: dict[str, tuple[tuple[int, int], float]] = field(default_factory=dict)
    _beaten: float = 0.0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def claim(self, name: str) -> Lease | None:
        """The lease, or None while another process holds it."""
        query = select(leases).filter_by(name=name)
        with self.database.reading() as connection:
            row = connection.execute(query).mappings().first()
        with self._lock:
            if row is not None and not self._is_free(row):
                return None
        lease = Lease(name, int(row["fence"]) + 1 if row else 1)
        values = {"holder": self.holder, "fence": lease.fence, "beat": 0}
        with self.database.writing(name) as connection:
            if row is not None:
                as_read = {key: row[key] for key in ("name", "fence", "beat")}
                claimed = _changed(connection, as_read, values)
            elif claimed := connection.execute(query).first() is None:
                connection.execute(leases.insert().values(name=name, **values))
        if not claimed:
            return None  # another process was faster
        with self._lock:
            if not self._held:
                self._beaten = self.monotonic()
            self._held[name] = lease
        return lease

    def is_held(self, lease: Lease) -> bool:
        """Whether no other process can have this lease yet, as far as this process knows."""
        silent = self.monotonic() - self._beaten
        return self._held.get(lease.name) == lease and silent < LAPSE_SECONDS

    def release(self, lease: Lease) -> None:
        """Let another process have it at once. Without a database it lapses by itself."""
        with self._lock:
            if self._held.get(lease.name) == lease:
                del self._held[lease.name]
        try:
            with self.database.writing(lease.name) as connection:
                place = {"name": lease.name, "fence": lease.fence}
                _changed(connection, place, {"holder": ""})
        except SQLAlchemyError as error:
            logs.failed("lease.not-released", error)

    def release_all(self) -> None:
        """Release what this process holds, and what one of its name held before it."""
        with self._lock, self.database.writing(self.holder) as connection:
            self._held.clear()
            _changed(connection, {"holder": self.holder}, {"holder": ""})

    def beat(self) -> None:
        """Show that this process lives; a lease that another one took is dropped."""
        with self._lock:
            held = sorted(self._held.values(), key=lambda each: each.name)
        if not held:
            return
        began, lost = self.monotonic(), list[Lease]()
        with self.database.writing(self.holder) as connection:
            for lease in held:
                place = {"name": lease.name, "fence": lease.fence}
                if not _changed(connection, place, {"beat": leases.c.beat + 1}):
                    lost.append(lease)
        with self._lock:
            self._beaten = began
            for lease in lost:
                if self._held.get(lease.name) == lease:
                    del self._held[lease.name]

    def held_elsewhere(self, prefix: str) -> list[str]:
        """Names with this prefix that a process still holds, this one included."""
        query = select(leases).where(leases.c.name.startswith(prefix, autoescape=True))
        with self.database.reading() as connection:
            rows = list(connection.execute(query).mappings())
        return [row["name"] for row in rows if not self._is_free(row)]

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Beat in a thread for the duration of the context; at its end release everything."""
        stop = threading.Event()
        thread = threading.Thread(target=self._beat_until, args=(stop,), name="beat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            with _logged("lease.not-released"):
                self.release_all()

    def _beat_until(self, stop: threading.Event) -> None:
        while not stop.wait(BEAT_SECONDS):
            with _logged("lease.no-beat"):
                self.beat()

    def _is_free(self, row: Any) -> bool:
        name, holder = row["name"], row["holder"]
        if not holder or (holder == self.holder and name not in self._held):
            return True
        if name in self._held:
            return False
        now, number = self.monotonic(), (int(row["fence"]), int(row["beat"]))
        seen, since = self._seen.get(name, (None, now))
        if seen != number:
            self._seen[name] = (number, now)
            return False
        return now - since >= LAPSE_SECONDS


@contextmanager
def _logged(event: str) -> Iterator[None]:
    """Without a database nothing is lost but the lease: another process may take it."""
    try:
        yield
    except SQLAlchemyError as error:
        logs.failed(event, error)


def _changed(connection: Connection, place: dict[str, Any], values: dict[str, Any]) -> bool:
    done = connection.execute(leases.update().filter_by(**place).values(**values))
    assert isinstance(done, CursorResult)
    return done.rowcount > 0
