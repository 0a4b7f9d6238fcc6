"""Public routes: whether the service is up, and which rosters it has."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from linkage_service.api.auth import Caller, SignedCaller, service_of
from linkage_service.readiness import Lately, is_ready
from linkage_service.storage.roster_succession import take_roster
from policy.base.canonical import b64
from policy.formats.http_api import Ready, RosterTaken

router = APIRouter(tags=["public"])


@router.get("/health")
def health() -> dict[str, str]:
    """The service answers."""
    return {"status": "ok"}


@router.get("/ready", response_model=Ready)
def ready(request: Request, response: Response) -> dict[str, object]:
    """Whether the service can work: each part with its state and what to do; 503 if it cannot."""
    lately: Lately = request.app.state.readiness
    found = lately.checks()
    response.status_code = 200 if is_ready(found) else 503
    return {
        "status": "ready" if is_ready(found) else "not-ready",
        "checks": [each.as_json() for each in found],
    }


@router.get("/roster")
def roster(request: Request) -> Response:
    """The newest roster's envelope. Trust it by its digest, learned elsewhere."""
    return Response(service_of(request).ledger.pinned.data(), media_type="application/json")


@router.get("/rosters")
def rosters(request: Request) -> list[str]:
    """All rosters that this service ever had, in base64, the oldest first."""
    return [b64(data) for data in service_of(request).ledger.roster_files()]


@router.post("/roster", response_model=RosterTaken)
def succeed(caller: Caller = SignedCaller) -> dict[str, object]:
    """Take the next roster, and append it to every project of a law that knows this."""
    caller.require_authority()
    return take_roster(caller.service.ledger, caller.body)
