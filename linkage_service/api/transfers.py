"""Sealed attributes on their way from one party to another."""

from __future__ import annotations

from fastapi import APIRouter, Response

from linkage_service.api.auth import Caller, SignedCaller
from linkage_service.release import relay
from policy.formats.http_api import Kept

router = APIRouter(prefix="/projects/{project}/transfers", tags=["transfers"])


@router.get("/{name}/missing")
def missing_parts(project: str, name: str, caller: Caller = SignedCaller) -> list[int]:
    """Which parts of the sealed file are still to be sent, from 0."""
    return relay.missing_parts(caller.service, project, caller.member.id, name)


@router.put("/{name}/parts/{part}", response_model=Kept)
def put_part(project: str, name: str, part: int, caller: Caller = SignedCaller) -> dict[str, str]:
    """One part of the sealed file, once the log names it; for the sender only."""
    relay.put_part(caller.service, project, caller.member.id, name, part, caller.body)
    return {"status": "kept"}


@router.get("/{name}/parts/{part}")
def get_part(project: str, name: str, part: int, caller: Caller = SignedCaller) -> Response:
    """One part of the sealed file, for the recipient only, until it opened the file."""
    data = relay.get_part(caller.service, project, caller.member.id, name, part)
    return Response(data, media_type="application/octet-stream")
