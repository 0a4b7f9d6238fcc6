"""What anyone may read: is the service there, and which roster does it hold."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

router = APIRouter(tags=["public"])


@router.get("/health")
def health() -> dict[str, str]:
    """The service answers."""
    return {"status": "ok"}


@router.get("/roster")
def roster(request: Request) -> Response:
    """The roster's envelope. Trust it by its digest, learned elsewhere."""
    data: bytes = request.app.state.service.ledger.roster_data
    return Response(data, media_type="application/json")
