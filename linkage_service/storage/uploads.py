"""Who uploaded what that no statement in the log names yet.

The log decides what is named (`upkeep.leftovers`); these rows are for quotas, and for the time at
which a party last sent something. A blob that nobody is known to have uploaded has no member.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, func, select, update

from linkage_service.error_codes import ServiceCode
from linkage_service.storage.records import Database
from linkage_service.storage.records.tables import uploads
from policy.base.errors import Refused
from policy.base.words import Words

_AT_ONCE = 500


def reserve(
    database: Database, project: str, member: str, sizes: Mapping[str, int], room: int, now: int
) -> None:
    """Count these blobs (bytes by name) before they are written; raises Refused if too many."""
    with database.writing(f"padan/uploads/{project}") as connection:
        here = (uploads.c.project == project) & uploads.c.name.in_(list(sizes))
        known = connection.execute(select(uploads.c.name, uploads.c.member).where(here))
        owners = {each.name: each.member for each in known}
        new = {name: size for name, size in sizes.items() if not owners.get(name)}
        waiting = waiting_bytes(connection, project).get(member, 0)
        if new and waiting + sum(new.values()) > room:
            raise _full(waiting, room)
        connection.execute(update(uploads).where(here).values(at=now))
        if new:
            forget(connection, project, new)
            place = {"project": project, "member": member, "at": now}
            rows = [{**place, "name": name, "bytes": size} for name, size in new.items()]
            connection.execute(uploads.insert(), rows)


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
