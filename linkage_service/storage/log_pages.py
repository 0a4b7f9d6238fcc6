"""The log page by page: a page of it is itself a log, with the head of its own size.

So a reader checks every page by itself, and memory depends on the page, not on the log. Which
cosigned heads a page has:

    not the last page    those larger than its start, up to its own size
    the last page        those larger than its start, and smaller ones that changed after `since`
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from linkage_service.storage.heads import (
    changed_sizes,
    cosigned_where,
    head_with_lines,
    newest_of,
)
from linkage_service.storage.leaves import leaves_from, page_end
from linkage_service.storage.records import Database
from linkage_service.storage.records.tables import cosignatures
from policy.base.canonical import b64, canonical_json
from policy.formats.log_page import LogPage, state_tag

MOST_ENTRIES = 500
MOST_BYTES = 4 * 1024 * 1024  # of leaves in one page, unless one leaf is larger
_MOST_CHANGES = 2_000  # cosignatures


@dataclass(frozen=True)
class LogEnd:
    """Where a log ends now: its size, its newest head, and its last change of cosignatures."""

    size: int
    head: str
    changes: int
    waits: bool  # for members' copies (`awaited`)

    @property
    def tag(self) -> str:
        """The ETag of every answer about this state of the log."""
        return state_tag(self.head, self.changes)


def log_end(connection: Connection, project_id: str) -> LogEnd:
    """Constant cost, one statement; raises Refused if there is no such project."""
    return LogEnd(*newest_of(connection, project_id))


def read_page(
    connection: Connection, project_id: str, start: int, since: int, limit: int = MOST_ENTRIES
) -> LogPage:
    """The page that begins at `start`; `since` is the `seen` of an earlier page."""
    last = log_end(connection, project_id)
    end = page_end(connection, project_id, start, min(limit, MOST_ENTRIES), MOST_BYTES)
    size, known = cosignatures.c.size, since if since <= last.changes else 0
    if start < end < last.size:
        chosen, seen, more = (size > start) & (size <= end), known, True
    else:
        end = last.size
        changed, seen = changed_sizes(connection, project_id, known, _MOST_CHANGES)
        chosen, more = (size > start) | size.in_(changed), seen < last.changes
    if start == 0:
        seen, more = last.changes, end < last.size  # a reader who begins here has missed nothing
    return LogPage(
        entries=tuple(map(b64, leaves_from(connection, project_id, start, end))),
        checkpoint=head_with_lines(connection, project_id, end),
        cosigned=cosigned_where(connection, project_id, chosen),
        seen=seen,
        more=more,
    )


def whole_log(
    database: Database, project_id: str, end: LogEnd, start: int, since: int | None
) -> Iterator[bytes]:
    """The log from `start` to this end as one JSON document, part by part (see `LogPage`).

    Each part is a transaction of its own: a slow reader keeps none open. Without `since`, the first
    note of each size and no `seen`, as the earliest builds expect.
    """
    yield b'{"entries":['
    for place in range(start, end.size, MOST_ENTRIES):
        with database.reading() as connection:
            block = leaves_from(connection, project_id, place, min(place + MOST_ENTRIES, end.size))
        yield b"," * (place > start) + canonical_json(list(map(b64, block)))[1:-1]
    with database.reading() as connection:
        checkpoint = head_with_lines(connection, project_id, end.size)
        known = since if since is not None and since <= end.changes else 0
    yield b'],"checkpoint":' + canonical_json(checkpoint) + b',"cosigned":['
    first = True
    for note in _notes(database, project_id, end.size, known, first_only=since is None):
        yield b"," * (not first) + canonical_json(note)
        first = False
    yield b"]}" if since is None else b'],"seen":%d}' % end.changes


def _notes(
    database: Database, project_id: str, end: int, since: int, *, first_only: bool
) -> Iterator[str]:
    column, sent = cosignatures.c.size, set[str]()
    for low in range(0, end, MOST_ENTRIES):
        in_block = (column > low) & (column <= min(low + MOST_ENTRIES, end))
        with database.reading() as connection:
            changed = in_block & (cosignatures.c.changed > since)
            notes = cosigned_where(connection, project_id, changed)
        for note in notes:
            text = note.partition("\n\n")[0]
            if not (first_only and text in sent):
                yield note
            sent.add(text)
        sent.clear()
