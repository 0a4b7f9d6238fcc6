"""Signed tree heads and the witnesses' cosignatures, as the database keeps them."""

from __future__ import annotations

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, func, select

from linkage_service.error_codes import ServiceCode
from linkage_service.storage.records.tables import awaited, cosignatures, heads, leaves
from policy.base.errors import Refused
from policy.base.words import Words
from policy.log import time_of_line

_SAME_SIZE = heads.c.size == cosignatures.c.size
_ID: BindParameter[str] = bindparam("id")
_CHANGES = (
    select(func.max(cosignatures.c.changed)).where(cosignatures.c.project == _ID).scalar_subquery()
)
_SIZE = select(func.max(leaves.c.position) + 1).where(leaves.c.project == _ID).scalar_subquery()
_STORED = select(_SIZE, _CHANGES)
_WAITS = select(awaited.c.project).where(awaited.c.project == _ID).scalar_subquery()
_NEWEST = (
    select(heads.c.size, heads.c.note, _CHANGES, _WAITS)
    .where(heads.c.project == _ID)
    .order_by(heads.c.size.desc())
    .limit(1)
)


def stored(connection: Connection, project_id: str) -> tuple[int, int]:
    """How many leaves a log has, and the number of the last change of its cosignatures."""
    row = connection.execute(_STORED, {"id": project_id}).one()
    return int(row[0] or 0), int(row[1] or 0)


def newest_of(connection: Connection, project_id: str) -> tuple[int, str, int, bool]:
    """Size, newest head, last change of cosignatures, and whether the log waits for copies.

    One statement, thus one state, also without a transaction. Raises Refused if there is no such
    project.
    """
    row = connection.execute(_NEWEST, {"id": project_id}).first()
    if row is None:
        raise no_project()
    return int(row[0]), str(row[1]), int(row[2] or 0), row[3] is not None


def last_change(connection: Connection, project_id: str) -> int:
    """The number of the last change of this project's cosignatures; 0 if there are none."""
    query = select(func.max(cosignatures.c.changed)).where(cosignatures.c.project == project_id)
    return int(connection.execute(query).scalar() or 0)


def log_states(connection: Connection) -> dict[str, tuple[int, int]]:
    """Of every project, by id: the number of its leaves, and the last change of cosignatures."""
    sizes = select(leaves.c.project, func.max(leaves.c.position)).group_by(leaves.c.project)
    changes = select(cosignatures.c.project, func.max(cosignatures.c.changed)).group_by(
        cosignatures.c.project
    )
    changed = {str(name): int(last) for name, last in connection.execute(changes)}
    found = sorted((str(name), int(last) + 1) for name, last in connection.execute(sizes))
    return {name: (size, changed.get(name, 0)) for name, size in found}


def cosigned_heads(
    connection: Connection, project_id: str, since: int = 0
) -> tuple[tuple[str, ...], int]:
    """Cosigned heads that changed after `since`, and the number of the last change.

    Smallest size first; for each size all first cosignatures, and then the newest where they
    differ. A `since` above this database's numbers comes from another database: all are sent.
    """
    last = last_change(connection, project_id)
    changed = cosignatures.c.changed > (since if since <= last else 0)
    return cosigned_where(connection, project_id, changed), last


def changed_sizes(
    connection: Connection, project_id: str, since: int, limit: int
) -> tuple[frozenset[int], int]:
    """Sizes whose cosignatures changed after `since`, of `limit` changes; and the last change."""
    query = (
        select(cosignatures.c.size, cosignatures.c.changed)
        .where(cosignatures.c.project == project_id, cosignatures.c.changed > since)
        .order_by(cosignatures.c.changed)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    return frozenset(row.size for row in rows), rows[-1].changed if rows else since


def cosigned_where(
    connection: Connection, project_id: str, condition: ColumnElement[bool]
) -> tuple[str, ...]:
    """The cosigned heads with a cosignature of which this holds, smallest size first."""
    of_project = cosignatures.c.project == project_id
    chosen = select(cosignatures.c.size).where(of_project, condition)
    query = (
        select(heads.c.size, heads.c.note, cosignatures.c.line, cosignatures.c.newest)
        .join(heads, (heads.c.project == cosignatures.c.project) & _SAME_SIZE)
        .where(of_project, cosignatures.c.size.in_(chosen))
        .order_by(heads.c.size, cosignatures.c.member)
    )
    rows: dict[int, list[tuple[str, str, str]]] = {}
    for size, *row in connection.execute(query):
        rows.setdefault(size, []).append((row[0], row[1], row[2]))
    return tuple(note for each in rows.values() for note in _with_lines(each))


def newest_head(connection: Connection, project_id: str) -> str:
    """The newest head with all its cosignatures; raises Refused if there is no such project."""
    size = connection.execute(
        select(func.max(heads.c.size)).where(heads.c.project == project_id)
    ).scalar()
    if size is None:
        raise no_project()
    return head_with_lines(connection, project_id, int(size))


def head_with_lines(connection: Connection, project_id: str, size: int) -> str:
    """The head of this size with all its cosignatures."""
    query = select(cosignatures.c.line).where(
        cosignatures.c.project == project_id, cosignatures.c.size == size
    )
    lines = list(connection.execute(query.order_by(cosignatures.c.member)).scalars())
    return _with(signed_head(connection, project_id, size), lines)


def signed_head(connection: Connection, project_id: str, size: int) -> str:
    """The head of this size, as the service signed it."""
    query = select(heads.c.note).filter_by(project=project_id, size=size)
    return str(connection.execute(query).scalar_one())


def keep_cosignature(
    connection: Connection, project_id: str, size: int, member: str, line: str
) -> None:
    """Keep a member's first cosignature of a head, and the newest one if it is later."""
    key = {"project": project_id, "size": size, "member": member}
    change = last_change(connection, project_id) + 1
    known = connection.execute(
        select(cosignatures.c.line, cosignatures.c.newest).filter_by(**key)
    ).first()
    if known is None:
        values = {**key, "line": line, "changed": change}
        connection.execute(cosignatures.insert().values(**values))
    elif time_of_line(line) > time_of_line(known.newest or known.line):
        newer = cosignatures.update().filter_by(**key).values(newest=line, changed=change)
        connection.execute(newer)


def no_project() -> Refused:
    return Refused(
        ServiceCode.SERVICE_NO_PROJECT,
        Words("Proyek ini tidak ada di layanan.", "There is no such project at the service."),
        Words("Periksa id proyek, atau ajukan piagamnya.", "Check the id, or submit a charter."),
    )


def _with_lines(rows: list[tuple[str, str, str]]) -> tuple[str, ...]:
    """The head with all first cosignatures, and with the newest ones if some differ."""
    head = rows[0][0]
    first = _with(head, [line for _, line, _ in rows])
    newest = _with(head, [newest or line for _, line, newest in rows])
    return tuple(dict.fromkeys((first, newest)))


def _with(note: str, lines: list[str]) -> str:
    """The head with verified cosignature lines, one for each member."""
    return note + "".join(lines)
