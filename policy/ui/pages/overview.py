"""The start page: unlock, and the releases that wait for a decision."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from policy.approval.asked import STATES
from policy.joining.folder import joining_folders
from policy.project.naming import offices
from policy.project.progress import TRANSFER_STATES
from policy.ui.pages.arrival import ArrivalPages
from policy.ui.pages.frame import ApproverFrame
from policy.ui.transfers import TransferDesk


class Overview:
    """Unlock, and all releases of all projects."""

    def __init__(
        self, frame: ApproverFrame, transfers: TransferDesk, arriving: ArrivalPages
    ) -> None:
        self._frame, self._desk, self._transfers = frame, frame.desk, transfers
        self._arriving = arriving

    def first(self) -> Response:
        """Where this person comes in; an operator whose roster is not signed, at the people."""
        home = self._desk.home
        organises = not home.has_joined and any(each.is_open for each in joining_folders(home))
        then = "/people" if organises else "/releases"
        return RedirectResponse(self._arriving.way_in() or then, 303)

    def locked(self, request: Request) -> Response:
        return self._frame.guarded(request, "unlock", dict)

    def unlock(self, request: Request, passphrase: Annotated[str, Form()] = "") -> Response:
        return self._frame.do(
            request, "unlock", lambda: self._desk.unlock(passphrase.encode()), "/"
        )

    def releases(self, request: Request) -> Response:
        return self._frame.guarded(request, "overview", self._facts)

    def watch(self) -> Response:
        return JSONResponse({"state": self._desk.watch()})

    def refresh(self, request: Request) -> Response:
        return self._frame.do(request, "overview", self._desk.refresh, "/releases")

    def _facts(self) -> dict[str, Any]:
        job, now = self._desk.job_seen(), int(time.time())
        known = self._desk.projects(now)
        transfers = self._transfers.known(now)
        me = self._desk.unlocked().member.id
        coming = list(self._desk.coming.items())
        rows = [(each, asked) for each in known for asked in each.releases]
        return {
            "job": job,
            "seen": self._desk.seen(),
            "rosters": [(name, each) for name, each in coming if each.awaits(me)],
            "awaited_people": [name for name, each in coming if not each.awaits(me)],
            "known": known,
            "naming": lambda asked: offices(asked.record.project),
            "states": STATES,
            "transfer_states": TRANSFER_STATES,
            "waiting_transfers": [(p, each) for p, each in transfers if each.awaits(me)],
            "other_transfers": [(p, each) for p, each in transfers if not each.awaits(me)],
            "waiting": [(each, asked) for each, asked in rows if asked.waits],
            "stoppable": [(each, asked) for each, asked in rows if asked.may_stop],
            "others": [(e, asked) for e, asked in rows if not (asked.waits or asked.may_stop)],
        }
