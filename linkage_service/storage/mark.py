"""A mark that ties a store to its database, so that one cannot be exchanged unnoticed.

The same random value is in the database and in the store. A store that was not mounted, or that of
another service, does not have it.
"""

from __future__ import annotations

import secrets

from sqlalchemy import select

from linkage_service.storage.blobs import Blobs
from linkage_service.storage.records import Database
from linkage_service.storage.records.tables import marks
from policy.base.errors import NotYet

STORE, BLOB = "store", "service/mark"


def mark(database: Database, blobs: Blobs) -> None:
    """Mark a database that has no mark yet, and its store; the first start does it."""
    with database.writing("padan/marks") as connection:
        if connection.execute(select(marks.c.value).filter_by(name=STORE)).first() is None:
            blobs.put(BLOB, secrets.token_hex(16).encode())
            value = blobs.get(BLOB).decode()
            connection.execute(marks.insert().values(name=STORE, value=value))


def marked(database: Database) -> str:
    """The mark in the database."""
    with database.reading() as connection:
        query = select(marks.c.value).filter_by(name=STORE)
        return str(connection.execute(query).scalar_one())


def mark_of(blobs: Blobs) -> str | None:
    """The mark in a store; None if it has none."""
    try:
        return blobs.get(BLOB).decode(errors="replace")
    except NotYet:
        return None
