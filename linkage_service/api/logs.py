"""The log: read it, append to it, cosign it, take the evidence along."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from linkage_service.api.auth import Caller, SignedCaller
from linkage_service.audit.evidence import blocks_of, evidence_file, first_of_each
from linkage_service.error_codes import ServiceCode
from linkage_service.service import Service
from linkage_service.storage.heads import cosigned_heads, newest_head
from policy.base.canonical import b64
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.formats.http_api import Appended, Kept
from policy.formats.log_page import LogPage

_MOST_ENTRIES = 2**31 - 1  # the maximum of the database column
_MOST_CHANGES = 2**53 - 1

projects = APIRouter(tags=["log"])
router = APIRouter(prefix="/projects/{project}", tags=["log"])


@projects.get("/projects")
def readable(caller: Caller = SignedCaller) -> list[str]:
    """The projects whose log the caller may read."""
    return [each for each in caller.service.ledger.projects() if caller.reads(each)]


@router.get("/log", response_model_exclude_unset=True)
def read(
    project: str,
    start: Annotated[int, Query(ge=0, le=_MOST_ENTRIES)] = 0,
    since: Annotated[int | None, Query(ge=0, le=_MOST_CHANGES)] = None,
    caller: Caller = SignedCaller,
) -> LogPage:
    """Entries from `start` on, the newest checkpoint, and cosigned checkpoints.

    `since` is the `seen` of an earlier answer: only checkpoints that were cosigned after it are
    sent, with first and newest times. Earlier builds do not name it, and get all first times.
    """
    caller.require_reader(project)
    ledger = caller.service.ledger
    with ledger.database.reading() as connection:
        entries = tuple(b64(leaf) for leaf in ledger.leaves(connection, project, start))
        checkpoint = newest_head(connection, project)
        notes, seen = cosigned_heads(connection, project, since or 0)
    if since is None:
        return LogPage(entries=entries, checkpoint=checkpoint, cosigned=first_of_each(notes))
    return LogPage(entries=entries, checkpoint=checkpoint, cosigned=notes, seen=seen)


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
    parts = _evidence(caller.service, project, audience)
    first = next(parts)  # what fails in writing it is an answer of its own
    return StreamingResponse(chain([first], parts), media_type="application/zip")


def _evidence(
    service: Service, project: str, audience: Literal["auditor", "party"]
) -> Iterator[bytes]:
    with evidence_file(service, project, audience) as file:
        yield from blocks_of(file)
