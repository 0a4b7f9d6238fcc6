"""The log: read it, append to it, cosign it, take the evidence along."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from linkage_service.api.auth import Caller, SignedCaller, not_yours
from linkage_service.audit.evidence import evidence_stream
from linkage_service.error_codes import ServiceCode
from linkage_service.storage import give_back
from linkage_service.storage.log_pages import LogEnd, log_end, read_page, whole_log
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.formats.http_api import Appended, GivenBack, Kept
from policy.formats.log_page import LogPage, parse_page

_MOST_ENTRIES = 2**31 - 1  # the maximum of the database column
_MOST_CHANGES = 2**53 - 1

projects = APIRouter(tags=["log"])
router = APIRouter(prefix="/projects/{project}", tags=["log"])


@projects.get("/projects")
def readable(caller: Caller = SignedCaller) -> list[str]:
    """The projects whose log the caller may read."""
    return [each for each in caller.service.ledger.projects() if caller.reads(each)]


@router.get("/log", response_model=LogPage, responses={304: {"description": "Nothing new."}})
def read(
    project: str,
    start: Annotated[int, Query(ge=0, le=_MOST_ENTRIES)] = 0,
    since: Annotated[int | None, Query(ge=0, le=_MOST_CHANGES)] = None,
    limit: Annotated[int | None, Query(ge=1, le=_MOST_ENTRIES)] = None,
    if_none_match: Annotated[str | None, Header()] = None,
    caller: Caller = SignedCaller,
) -> Response:
    """Entries from `start` on, a checkpoint, and checkpoints that witnesses cosigned.

    With `limit`, a page: at most that many entries (the service may send fewer), and the checkpoint
    of the log that ends with them; `more` says that it goes on. `since` is the `seen` of an earlier
    answer: only checkpoints that were cosigned after it are sent, with first and newest times.
    The ETag is that of the log; if it is named and the log is unchanged, the answer is a 304.

    Earlier builds name neither, and get the whole log with all first times, as a stream.
    """
    ledger = caller.service.ledger
    end, database = ledger.stored.end(project), ledger.database
    if not ledger.stored.may_read(project, caller.member.id, end.size):
        raise not_yours()
    give_back.see(ledger, project, caller.member, start, end)
    if if_none_match == end.tag:
        return not_modified(end)
    with database.reading() as connection:
        end = log_end(connection, project)
        headers = _headers(end)
        if limit is not None:
            page = read_page(connection, project, start, since or 0, limit)
            return Response(page.canonical(), media_type="application/json", headers=headers)
    parts = whole_log(database, project, end, start, since)
    return StreamingResponse(parts, media_type="application/json", headers=headers)


def not_modified(end: LogEnd) -> Response:
    """The answer to a reader who knows this state of the log."""
    return Response(status_code=304, headers=_headers(end))


def _headers(end: LogEnd) -> dict[str, str]:
    return {"ETag": end.tag, "Cache-Control": "private, no-cache"}


@router.post("/log", response_model=GivenBack)
def give(
    project: str,
    start: Annotated[int, Query(ge=0, le=_MOST_ENTRIES)],
    caller: Caller = SignedCaller,
) -> GivenBack:
    """Give the service a part of the caller's copy, after it was restored from a backup.

    Every statement is judged by law, and the part ends with a head that this service signed.
    """
    page = parse_page(caller.body)
    size = caller.service.take_back(project, caller.member, start, page)
    return GivenBack(size=size)


@router.post("/log/newest", response_model=GivenBack)
def show(project: str, caller: Caller = SignedCaller) -> GivenBack:
    """Show the newest head that the caller knows; the answer is the size of the service's log.

    If that is smaller, the service takes no statement until its log was given back.
    """
    note = caller.body.decode(errors="replace")
    size = give_back.show(caller.service.ledger, project, caller.member, note)
    return GivenBack(size=size)


@router.post("/statements", response_model=Appended)
def append(project: str, caller: Caller = SignedCaller) -> dict[str, Any]:
    """Append a signed statement, if the law of the project's life allows it."""
    entry = caller.service.receive(project, caller.member, caller.body)
    return {"index": entry.index, "digest": entry.digest}


@router.post("/cosignatures", response_model=Kept)
def cosign(project: str, caller: Caller = SignedCaller) -> dict[str, str]:
    """Keep a witness's cosignature of the newest checkpoint."""
    try:
        line = caller.body.decode()
    except UnicodeDecodeError:
        raise BadInput(
            ServiceCode.WITNESS_MALFORMED,
            Words("Tanda tangan saksi rusak.", "The cosignature is malformed."),
            Words("Jalankan lagi 'padan-policy witness'.", "Run 'padan-policy witness' again."),
        ) from None
    caller.service.ledger.cosign(project, caller.member.id, line)
    return {"status": "kept"}


@router.get("/evidence")
def evidence(
    project: str,
    audience: Literal["auditor", "party"] = "auditor",
    caller: Caller = SignedCaller,
) -> Response:
    """The evidence bundle: with opened facts for auditors, without for all who read the log."""
    if audience == "auditor":
        caller.require_auditor(project)
    else:
        caller.require_reader(project)
    parts = evidence_stream(caller.service, project, audience)
    return StreamingResponse(parts, media_type="application/zip")
