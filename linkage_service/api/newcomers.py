"""People who come to a roster in force, shown to the authorities that sign the next one."""

from __future__ import annotations

from fastapi import APIRouter, Request

from linkage_service.api.auth import Caller, SignedCaller
from linkage_service.api.joining import Reception
from policy.joining.gathering import Record

router = APIRouter(prefix="/joining/{project}", tags=["joining"])


@router.get("", response_model=Record | None)
def newcomers(project: str, request: Request, caller: Caller = SignedCaller) -> Record | None:
    """Who was invited to the next roster, and who has joined; null if nobody was invited."""
    caller.require_authority()
    reception: Reception = request.app.state.reception
    return reception.coming_after(project, caller.service.ledger.roster.digest())
