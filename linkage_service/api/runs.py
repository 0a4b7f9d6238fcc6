"""Runs: start what was ordered, and watch it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from linkage_service.api.auth import Caller, SignedCaller
from linkage_service.runs.results import Results
from policy.base.canonical import Identifier
from policy.charter import FIRST_LAW
from policy.formats.http_api import CoarseCount, RunState
from policy.retention import require_usable

router = APIRouter(prefix="/projects/{project}/runs/{run}", tags=["runs"])

RunName = Identifier
_FIRST_LAW_PARTS = ("run", "state", "tiles_done", "tiles_total", "error")


@router.post("/start", response_model=RunState)
def start(project: str, run: RunName, caller: Caller = SignedCaller) -> RunState:
    """Start a run that a party ordered under a cosigned checkpoint."""
    caller.require_coordinator()
    runs = caller.service.runs
    runs.start(project, run)
    return runs.state(project, run)


@router.post("/cancel", response_model=RunState)
def cancel(project: str, run: RunName, caller: Caller = SignedCaller) -> RunState:
    """Stop a run; started again, it goes on with the tiles that are missing."""
    caller.require_coordinator()
    runs = caller.service.runs
    runs.cancel(project, run)
    return runs.state(project, run)


@router.get("", response_model=RunState, response_model_exclude_unset=True)
def state(project: str, run: RunName, caller: Caller = SignedCaller) -> RunState:
    """How far the run is. No counts, no scores; of a failure coordinators alone read why.

    How many tiles a search has can depend on the rows of several owners (block tags), and so does
    what it fails of: since the second law coordinators alone read these.
    """
    charter = caller.require_reader(project)
    said = caller.service.runs.state(project, run)
    if caller.is_coordinator:
        return said
    if charter.law == FIRST_LAW:
        return RunState(**{name: getattr(said, name) for name in _FIRST_LAW_PARTS}, reason=None)
    return RunState(run=said.run, state=said.state)


@router.get("/duplicates/{dataset}")
def duplicates(
    project: str, run: RunName, dataset: str, caller: Caller = SignedCaller
) -> list[list[str]]:
    """Handles of rows that are one person inside one dataset, for its owner alone."""
    caller.require_owner(project, dataset)
    _require_kept(caller, project)
    return Results(caller.service.blobs, project, run).duplicates(dataset)


@router.get("/counts")
def counts(project: str, run: RunName, caller: Caller = SignedCaller) -> list[CoarseCount]:
    """Under the first law: how many rows matched, in bands, of the caller's own lists."""
    caller.require_party(project)
    _require_kept(caller, project)
    return list(caller.service.coarse(project, run, caller.member.id))


@router.get("/calibration")
def calibration(project: str, run: RunName, caller: Caller = SignedCaller) -> dict[str, Any]:
    """Estimated precision and recall of a solved run, for the coordinator. No scores of pairs."""
    caller.require_coordinator()
    _require_kept(caller, project)
    return Results(caller.service.blobs, project, run).calibration()


def _require_kept(caller: Caller, project: str) -> None:
    require_usable(caller.service.ledger.project(project), "candidates", caller.service.clock())
