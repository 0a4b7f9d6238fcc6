"""The leaves of logs, as the database has them."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from linkage_service.storage.records.tables import leaves

LEAVES_AT_ONCE = 500  # where a whole log is read and not kept


def log_size(connection: Connection, project_id: str) -> int:
    """The number of leaves; 0 if there is no such project."""
    last = select(func.max(leaves.c.position)).where(leaves.c.project == project_id)
    found = connection.execute(last).scalar()
    return 0 if found is None else int(found) + 1


def leaves_from(
    connection: Connection, project_id: str, start: int = 0, end: int | None = None
) -> list[bytes]:
    """The leaves at start..end-1, in order."""
    query = select(leaves.c.leaf).where(leaves.c.project == project_id, leaves.c.position >= start)
    if end is not None:
        query = query.where(leaves.c.position < end)
    query = query.order_by(leaves.c.position)
    return [bytes(leaf) for leaf in connection.execute(query).scalars()]


def project_ids(connection: Connection) -> list[str]:
    """All projects that have a log."""
    query = select(leaves.c.project).where(leaves.c.position == 0).order_by(leaves.c.project)
    return [str(each) for each in connection.execute(query).scalars()]


def page_end(
    connection: Connection, project_id: str, start: int, limit: int, most_bytes: int
) -> int:
    """Where a page that begins at `start` ends: at most `limit` leaves and that many bytes."""
    query = (
        select(leaves.c.position, func.length(leaves.c.leaf))
        .where(leaves.c.project == project_id, leaves.c.position >= start)
        .order_by(leaves.c.position)
        .limit(limit)
    )
    end, size = start, 0
    for position, length in connection.execute(query):
        size += length
        if size > most_bytes and position > start:
            break
        end = position + 1
    return end
