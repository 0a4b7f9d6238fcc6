"""Releases: stage, decide, download; and facts for those entitled to them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import StreamingResponse

from linkage_service.api.auth import Caller, SignedCaller
from linkage_service.release import staging
from policy.formats.http_api import DecidedRelease, StagedRelease
from policy.gates.facts import OpenedFacts

router = APIRouter(prefix="/projects/{project}", tags=["releases"])
Commitment = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.post("/releases/{name}/stage", response_model=StagedRelease)
def stage(project: str, name: str, caller: Caller = SignedCaller) -> dict[str, Any]:
    """Draw match IDs, seal every recipient's file, and log their digests.

    `unmendable` are the rules that fail no matter who approves.
    """
    caller.require_coordinator()
    staged = staging.stage(caller.service, project, name)
    return {"stage": staged, "unmendable": staging.unmendable(caller.service, project, name)}


@router.post("/releases/{name}/decide", response_model=DecidedRelease)
def decide(
    project: str, name: str, final: bool = False, caller: Caller = SignedCaller
) -> dict[str, Any]:
    """Evaluate the release gate and log the verdict; `final` waits for no more approvals."""
    caller.require_coordinator()
    outcome = staging.decide(caller.service, project, name, final=final)
    return {"verdict": outcome.verdict, "rules": [f.as_json() for f in outcome.findings]}


@router.get("/releases/{name}/files/{digest}")
def download(project: str, name: str, digest: str, caller: Caller = SignedCaller) -> Response:
    """A released file, for its recipient only."""
    blocks = staging.released_file(caller.service, project, caller.member.id, name, digest)
    return StreamingResponse(blocks, media_type="application/octet-stream")


@router.get("/facts/{commitment}")
def facts(project: str, commitment: Commitment, caller: Caller = SignedCaller) -> OpenedFacts:
    """Exact facts behind a commitment: of a stage for those asked about it, all for auditors."""
    caller.require_entitled_to_facts(project, commitment)
    return caller.service.opened(project, commitment)


@router.get("/facts/{commitment}/for/{member}")
def sealed_facts(
    project: str, commitment: Commitment, member: str, caller: Caller = SignedCaller
) -> Response:
    """The same, sealed to one of those members, to be carried there by file."""
    caller.require_reader(project)
    sealed = caller.service.sealed_facts(project, commitment, member)
    return Response(sealed.canonical(), media_type="application/json")
