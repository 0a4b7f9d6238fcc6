"""The operator's pages of a new project: its people, and their invites."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response

from policy.base.errors import PadanError
from policy.joining.code import as_code, short_codes
from policy.joining.plan import ROLE_WORDS
from policy.terminal import passphrases
from policy.terminal.local_page.controls import Table
from policy.ui.organising import Organising
from policy.ui.pages.frame import ApproverFrame


class PeoplePages:
    """Names and invites. `service_page` is where the service is started, if it is here."""

    def __init__(self, frame: ApproverFrame, organising: Organising, service_page: str) -> None:
        self._frame, self._organising, self._service_page = frame, organising, service_page

    @property
    def naming(self) -> Table:
        """What needs no keys yet."""
        return (
            ("GET", "/people/{project}", self.people),
            ("POST", "/people/{project}", self.invite),
        )

    @property
    def invites(self) -> Table:
        return (
            ("GET", "/people", self.newest),
            ("GET", "/invites/{project}", self.invited),
            ("GET", "/invites/{project}/watch", self.watch),
            ("POST", "/invites/{project}/again", self.again),
            ("GET", "/invites/{project}/{member}.padan", self.file),
        )

    def newest(self) -> Response:
        projects = self._organising.projects()
        return RedirectResponse(f"/invites/{projects[-1]}" if projects else "/charter", 303)

    def people(self, request: Request, project: str) -> Response:
        def facts() -> dict[str, Any]:
            plan = self._organising.plan(project)
            return {
                "plan": plan,
                "roles": ROLE_WORDS,
                "is_new": not self._frame.desk.home.identity_path.exists(),
                "keyring": passphrases.can_keep(),
                "held": passphrases.held() is not None,
            }

        return self._frame.guarded(request, "people_names", facts)

    async def invite(self, request: Request, project: str) -> Response:
        form = {n: v for n, v in (await request.form()).items() if isinstance(v, str)}
        names = {n.removeprefix("name."): v for n, v in form.items() if n.startswith("name.")}
        new = form.get("passphrase", ""), form.get("again", ""), form.get("keep") == "yes"
        try:
            url = form.get("url", "")
            not_kept = await run_in_threadpool(self._organising.invite, project, names, url, new)
        except PadanError as error:
            return self._frame.refused(request, error, f"/people/{project}")
        open_there = project in self._organising.projects()
        then = f"/invites/{project}" if open_there else "/charter"
        if not_kept is not None:
            return self._frame.show(request, "not_kept", not_kept=not_kept, then=then)
        return RedirectResponse(then, 303)

    def invited(self, request: Request, project: str) -> Response:
        def facts() -> dict[str, Any]:
            invited = self._organising.invited(project)
            short = short_codes(invited.gathering.plan.url, invited.invites)
            whole = {member: as_code(data) for member, data in invited.invites.items()}
            return {
                "invited": invited,
                "short_codes": short,
                "whole_codes": whole,
                "project": project,
                "state": self._state(project),
                "service_page": self._service_page,
            }

        return self._frame.guarded(request, "invites", facts)

    def watch(self, project: str) -> Response:
        try:
            return JSONResponse({"state": self._state(project)})
        except PadanError as error:
            return JSONResponse({"state": error.code})

    def _state(self, project: str) -> str:
        invited = self._organising.invited(project)
        return f"{len(invited.gathering.answers)}.{int(invited.signed)}"

    async def again(self, request: Request, project: str) -> Response:
        member = (await request.form()).get("member", "")
        try:
            await run_in_threadpool(self._organising.again, project, str(member))
        except PadanError as error:
            return self._frame.refused(request, error, f"/invites/{project}")
        return RedirectResponse(f"/invites/{project}", 303)

    def file(self, request: Request, project: str, member: str) -> Response:
        try:
            data = self._organising.invited(project).invites.get(member)
        except PadanError as error:
            return self._frame.refused(request, error, "/")
        if data is None:
            return Response(status_code=404)
        headers = {"content-disposition": f'attachment; filename="{member}.padan"'}
        return Response(data, media_type="application/octet-stream", headers=headers)
