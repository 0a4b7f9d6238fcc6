"""Sessions in the database.

1. A token is 256 random bits. The database keeps only its SHA-256, so a copy of the database signs
   nobody in.
2. A session ends after a time without a request, and at the latest after a fixed time.
3. A session `setup` only opens the pages on which a person sets up an account.
4. Each sign-in gets a new token; the token that the browser had before ends.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from linkage_service.settings import PeopleSettings
from linkage_service.storage.records import Database
from linkage_service.storage.records.tables import sessions, staff
from policy.base.canonical import sha256
from policy.base.clocks import Clock

LOCK = "padan/people"
# An open page asks for its progress: its session is not written at each request.
_SEEN_EVERY_SECONDS = 60


@dataclass(frozen=True)
class OpenSession:
    """A session that is open. `person` is the id of an account; `secret` belongs to a setup."""

    person: str
    token: str
    secret: str = ""


@dataclass(frozen=True)
class Sessions:
    """The sessions of one service."""

    database: Database
    settings: PeopleSettings
    clock: Clock

    def open(
        self,
        connection: Connection,
        person: str,
        *,
        replacing: str = "",
        kind: str = "full",
        secret: str = "",
    ) -> str:
        """Begin a session in this transaction; returns its token, which is stored nowhere."""
        now, token = self.clock(), secrets.token_urlsafe(32)
        self._end_expired(connection, now)
        if replacing:
            connection.execute(delete(sessions).where(_is(replacing)))
        row = {"token": _hash(token), "person": person, "kind": kind, "secret": secret}
        connection.execute(insert(sessions).values(**row, started=now, seen=now))
        return token

    def find(self, token: str, kind: str = "full") -> OpenSession | None:
        """The open session of this token and kind, of a person who is not disabled; else None."""
        if not token:
            return None
        query = (
            select(sessions.c.person, sessions.c.secret, sessions.c.started, sessions.c.seen)
            .join(staff, staff.c.id == sessions.c.person)
            .where(_is(token), sessions.c.kind == kind)
            .where(staff.c.state != "disabled")
        )
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        now = self.clock()
        if row is None or self._expired(row.started, row.seen, now):
            return None
        if now - row.seen >= _SEEN_EVERY_SECONDS:
            self._saw(token, now)
        return OpenSession(row.person, token, row.secret)

    def end(self, token: str) -> None:
        """Sign out of one session."""
        with self.database.writing(LOCK) as connection:
            connection.execute(delete(sessions).where(_is(token)))

    def _saw(self, token: str, now: int) -> None:
        with self.database.writing(LOCK) as connection:
            connection.execute(update(sessions).where(_is(token)).values(seen=now))

    def _expired(self, started: int, seen: int, now: int) -> bool:
        # A clock that was put back gives nobody a longer session.
        idle, whole = self.settings.session_idle_seconds, self.settings.session_seconds
        return not (0 <= now - started < whole and now - seen < idle)

    def _end_expired(self, connection: Connection, now: int) -> None:
        idle = sessions.c.seen <= now - self.settings.session_idle_seconds
        whole = sessions.c.started <= now - self.settings.session_seconds
        connection.execute(delete(sessions).where(idle | whole))


def _hash(token: str) -> str:
    return sha256(token.encode())


def _is(token: str) -> ColumnElement[bool]:
    return sessions.c.token == _hash(token)


def end_all(connection: Connection, person: str) -> None:
    """End every session of one person, in this transaction."""
    connection.execute(delete(sessions).where(sessions.c.person == person))
