"""Opens the blobs of one service: the store that belongs to its database, and no other.

A store carries an identity, which the database knows. So an unmounted folder, an emptied bucket or
the store of another service is refused instead of filled again from nothing. A store of an earlier
build has no identity yet: it gets one, and its blobs get their digests.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Literal

from obstore.exceptions import BaseError
from pydantic import ValidationError
from sqlalchemy import Connection, select

from linkage_service.error_codes import ServiceCode
from linkage_service.settings import Settings
from linkage_service.storage.blob_refusals import store_gone
from linkage_service.storage.blobs import Blobs, content_of, document_name, framed
from linkage_service.storage.buckets import open_bucket
from linkage_service.storage.ledger import Ledger
from linkage_service.storage.records.tables import stores
from linkage_service.storage.stores import (
    IDENTITY,
    FolderStore,
    Store,
    find,
    listed,
    read,
)
from policy.base.canonical import Model
from policy.base.errors import Refused
from policy.base.words import Words
from policy.statements import Destroyed, SealedRows


class StoreIdentity(Model):
    """The file that makes a folder or a bucket the store of one service."""

    type: Literal["padan/store"] = "padan/store"
    version: Literal[1] = 1
    id: str
    service: str


def open_blobs(settings: Settings, ledger: Ledger) -> Blobs:
    """The blobs of this service; raises Refused for a store that is not its own, or NotYet."""
    try:
        with ledger.database.writing("padan/store") as connection:
            store = _checked(settings, ledger, connection)
    except (BaseError, OSError):
        raise store_gone() from None
    return Blobs(store)


def stored_blobs(settings: Settings) -> Blobs:
    """The blobs at the place of the settings, to look at; whose they are is not examined."""
    try:
        return Blobs(_store(settings, new=False))
    except (BaseError, OSError):
        raise store_gone() from None


def _checked(settings: Settings, ledger: Ledger, connection: Connection) -> Store:
    """The store of the settings, with the identity that the database knows or now learns."""
    known = connection.execute(select(stores.c.id)).scalar()
    expected = _expected(ledger) if known is None else []
    store = _store(settings, new=known is None and not expected)
    found = identity(store)
    if known is not None and (found is None or found.id != known):
        raise _wrong()
    if any(find(store, name) is None for name in expected):
        raise _wrong()
    if found is not None and found.service != ledger.me.member.id:
        raise _wrong()
    if isinstance(store, FolderStore):
        store = FolderStore.made(store.folder)  # a restored one may lack empty folders
    if found is None:
        _add_digests(store)
        found = StoreIdentity(id=secrets.token_hex(16), service=ledger.me.member.id)
        store.create({IDENTITY: found.canonical()})
    if known is None:
        connection.execute(stores.insert().values(id=found.id))
    return store


def _store(settings: Settings, *, new: bool) -> Store:
    """The store of the settings; a missing folder is made only if it is a new one."""
    if settings.store.url:
        return open_bucket(settings.store)
    if new:
        return FolderStore.made(settings.blobs)
    if not settings.blobs.is_dir():
        raise _wrong()
    return FolderStore.at(settings.blobs)


def identity(store: Store) -> StoreIdentity | None:
    """Whose store this is; None if it has no identity."""
    try:
        return StoreIdentity.model_validate_json(read(store, IDENTITY))
    except FileNotFoundError:
        return None
    except ValidationError:
        raise _wrong() from None


def _expected(ledger: Ledger) -> list[str]:
    """Names of blobs that must exist by the logs: a chunk list for each accepted bundle."""
    return [name for project in ledger.projects() for name in _lists_of(ledger, project)]


def _lists_of(ledger: Ledger, project_id: str) -> Iterator[str]:
    project = ledger.project(project_id)
    if any(each.body.what == "encodings" for each in project.of(Destroyed)):
        return
    for entry in project.entries:
        body = entry.statement.body
        if isinstance(body, SealedRows):
            yield document_name(project_id, body.chunk_list)


def _add_digests(store: Store) -> None:
    """Put digests in front of blobs of a build that kept them without; harmless if repeated."""
    for each in list(listed(store, "")):
        if _was_bare(each.name):
            data = read(store, each.name)
            if content_of(each.name, data) is None:
                store.replace(each.name, framed(each.name, data))


def _was_bare(name: str) -> bool:
    """Results of runs (not of their tiles), release files and parts of transfers."""
    match name.split("/")[1:]:
        case ["runs", _, _] | ["releases" | "transfers", _]:
            return True
    return False


def _wrong() -> Refused:
    return Refused(
        ServiceCode.STORE_WRONG,
        Words(
            "Penyimpanan ini bukan milik basis data layanan ini, atau kosong.",
            "This store does not belong to this service's database, or is empty.",
        ),
        Words(
            "Periksa apakah folder blobs terpasang, dan --blobs-url serta --database-url-file."
            " Bila penyimpanan hilang, pulihkan dari cadangan berkas dan basis datanya.",
            "Check that the folder blobs is mounted, and --blobs-url and --database-url-file. If"
            " the store is lost, restore it from the backup, with its database.",
        ),
    )
