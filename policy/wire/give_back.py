"""Gives the service what it lacks of a log, from this member's copy (docs/how-to/restore.md)."""

from __future__ import annotations

from dataclasses import dataclass

from policy.base.error_codes import PolicyCode
from policy.base.errors import NotYet
from policy.base.words import Words
from policy.formats.http_api import GivenBack
from policy.formats.log_page import LogPage
from policy.log import parse_checkpoint, parse_note
from policy.wire.session import Session

_MOST_BYTES = 5 * 1024 * 1024  # of one request
_NOTES_BEFORE = 200  # entries before the gap whose cosignatures may be missing too


@dataclass(frozen=True)
class EntriesGiven:
    """How many entries the service had, has now, and this copy has."""

    before: int
    after: int
    known: int


def give_back(session: Session) -> EntriesGiven:
    """Give the service all entries of this copy that it lacks; then check and cosign its log.

    Nothing is lost by giving twice: a service that lacks nothing takes nothing. Raises NotYet if
    there is no copy here.
    """
    known = session.recall().size
    if not known:
        raise NotYet(
            PolicyCode.LOG_COPY,
            Words(
                "Folder rumah ini tidak menyimpan salinan log proyek ini.",
                "This home folder has no copy of this project's log.",
            ),
            Words("Pakai folder rumah anggota lain.", "Use the home folder of another member."),
        )
    replica = session.replica()
    kept = replica.copy.read()
    before = after = session.show(replica)
    if 0 < before < known:
        _require_beginning(session, before)
    while True:
        # At the end too, without entries: cosignatures may be missing alone.
        page = page_from(kept, min(after, known))
        path = f"/projects/{session.project_id}/log"
        answer = session.ask(path, page.canonical(), {"start": str(min(after, known))})
        after = GivenBack.model_validate_json(answer).size
        if not page.entries:
            break
    session.sync()
    return EntriesGiven(before, after, known)


def _require_beginning(session: Session, size: int) -> None:
    """Checks that the service's log is the beginning of this copy; raises Unverified (a fork)."""
    query = {"start": str(size), "limit": "1", "since": "0"}
    page = LogPage.model_validate_json(session.get(f"/projects/{session.project_id}/log", query))
    session.replay.check(session.replica().checked(page.checkpoint))


def page_from(kept: LogPage, start: int) -> LogPage:
    """The part of a copy from `start` to a known head: as large as one request may be."""
    heads = {_size(note): note for note in (*kept.cosigned, kept.checkpoint)}
    sizes = sorted(size for size in heads if size > start)
    end, total = sizes[0] if sizes else start, 0
    for low, high in zip([start, *sizes], sizes, strict=False):
        total += sum(map(len, kept.entries[low:high]))
        if total > _MOST_BYTES:
            break
        end = high
    notes = [n for n in kept.cosigned if start - _NOTES_BEFORE <= _size(n) <= end]
    return LogPage(
        entries=kept.entries[start:end], checkpoint=heads[end], cosigned=tuple(notes), seen=None
    )


def _size(note: str) -> int:
    return parse_checkpoint(parse_note(note).text).size
