"""Who uploaded what that no statement in the log names yet.

The log decides what is named (`upkeep.leftovers`); these rows are for quotas, and for the time at
which a party last sent something. A blob that nobody is known to have uploaded has no member.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from linkage_service.error_codes import ServiceCode
from linkage_service.storage.records import Database
from linkage_service.storage.records.tables import uploads
from linkage_service.storage.together import Together
from policy.base.errors import Refused
from policy.base.words import Words

_AT_ONCE = 500


@dataclass(frozen=True)
class Upload:
    """Blobs (bytes by name) that a party is about to send, and the bytes that may wait in all."""

    project: str
    member: str
    sizes: Mapping[str, int]
    room: int
    now: int


class Reservations:
    """Counts uploads before they are written, those of all requests at hand in one transaction.

    A transaction waits for the disk. One a request would make each wait for all others.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together = Together[Upload, None](self._reserve)

    def reserve(self, upload: Upload) -> None:
        """Count these blobs; raises Refused if there would be too many."""
        self._together.ask(upload)

    def _reserve(self, wanted: Sequence[Upload]) -> list[BaseException | None]:
        projects = sorted({each.project for each in wanted})
        with self._database.writing(*(f"padan/uploads/{each}" for each in projects)) as connection:
            waiting = {each: waiting_bytes(connection, each) for each in projects}
            return [_reserved(connection, each, waiting[each.project]) for each in wanted]


def _reserved(connection: Connection, upload: Upload, waiting: dict[str, int]) -> Refused | None:
    """Count one upload; the refusal if there is no room for it. `waiting` is bytes by party."""
    here = (uploads.c.project == upload.project) & uploads.c.name.in_(list(upload.sizes))
    known = connection.execute(select(uploads.c.name, uploads.c.member).where(here)).all()
    owners = {each.name: each.member for each in known}
    new = {name: size for name, size in upload.sizes.items() if not owners.get(name)}
    before = waiting.get(upload.member, 0)
    if new and before + sum(new.values()) > upload.room:
        return _full(before, upload.room)
    if known:
        connection.execute(update(uploads).where(here).values(at=upload.now))
        forget(connection, upload.project, new.keys() & owners)
    if new:
        place = {"project": upload.project, "member": upload.member, "at": upload.now}
        rows = [{**place, "name": name, "bytes": size} for name, size in new.items()]
        connection.execute(uploads.insert(), rows)
        waiting[upload.member] = before + sum(new.values())
    return None


def see(connection: Connection, project: str, unnamed: Mapping[str, int], now: int) -> None:
    """Take note of all blobs (bytes by name) that nothing names; forget the others."""
    known = set(connection.scalars(select(uploads.c.name).where(uploads.c.project == project)))
    forget(connection, project, known - set(unnamed))
    place = {"project": project, "member": "", "at": now}
    new = [name for name in unnamed if name not in known]
    if new:
        rows = [{**place, "name": name, "bytes": unnamed[name]} for name in new]
        connection.execute(uploads.insert(), rows)


def forget(connection: Connection, project: str, names: Iterable[str]) -> None:
    """These blobs are named by the log now, or are gone."""
    listed = list(names)
    for start in range(0, len(listed), _AT_ONCE):
        some: Sequence[str] = listed[start : start + _AT_ONCE]
        here = uploads.c.project == project
        connection.execute(delete(uploads).where(here, uploads.c.name.in_(some)))


def waiting_bytes(connection: Connection, project: str) -> dict[str, int]:
    """The bytes that wait for a statement, by party."""
    total = func.sum(uploads.c.bytes)
    query = select(uploads.c.member, total).where(uploads.c.project == project)
    found = connection.execute(query.group_by(uploads.c.member))
    return {member: int(total) for member, total in found}


def last_sent(connection: Connection, project: str) -> dict[str, int]:
    """For each waiting blob, when its party last sent anything (Unix seconds).

    For a blob without a party, when it was first seen.
    """
    columns = select(uploads.c.name, uploads.c.member, uploads.c.at)
    rows = connection.execute(columns.where(uploads.c.project == project)).all()
    newest: dict[str, int] = {}
    for _, member, at in rows:
        newest[member] = max(at, newest.get(member, 0))
    return {name: newest[member] if member else int(at) for name, member, at in rows}


def _full(waiting: int, room: int) -> Refused:
    mebibyte = 1024 * 1024
    return Refused(
        ServiceCode.UPLOAD_QUOTA,
        Words(
            f"{waiting // mebibyte} MiB kiriman menunggu manifes; batasnya {room // mebibyte} MiB"
            " menurut rows_max piagam.",
            f"{waiting // mebibyte} MiB of uploads wait for a manifest; the limit is"
            f" {room // mebibyte} MiB by the charter's rows_max.",
        ),
        Words(
            "Selesaikan kiriman dengan 'padan-encoder send'. Sisa kiriman lama dihapus layanan"
            " setelah beberapa hari; koordinator melihatnya dengan 'padan-linkage storage'.",
            "Finish an upload with 'padan-encoder send'. The service deletes what is left of old"
            " uploads after some days; the coordinator sees it with 'padan-linkage storage'.",
        ),
    )
