"""Unlock this machine, and choose the project and the dataset."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from encoder.ui.pages.frame import OfficerFrame
from policy.starter.one_page import signed_words
from policy.ui.charters import CharterDesk
from policy.ui.pages.arrival import ArrivalPages


class ProjectPages:
    """The way in, and step 1."""

    def __init__(self, frame: OfficerFrame, arriving: ArrivalPages, charters: CharterDesk) -> None:
        self._frame, self._officer = frame, frame.officer
        self._arriving, self._charters = arriving, charters

    def first(self) -> Response:
        return RedirectResponse(self._arriving.way_in() or "/step/project", 303)

    def locked(self, request: Request) -> Response:
        return self._frame.guarded(
            request, "unlock", lambda: {"member": self._officer.home.member()}
        )

    def unlock(self, request: Request, passphrase: Annotated[str, Form()] = "") -> Response:
        return self._frame.do(
            request, "unlock", lambda: self._officer.unlock(passphrase.encode()), "/"
        )

    def project_facts(self) -> dict[str, Any]:
        officer = self._officer
        officer.begin()
        facts: dict[str, Any] = dict.fromkeys(("title", "signed"))
        facts |= {"own": (), "member": officer.home.member(), "may_sign": False}
        if officer.project_id:
            officer.session(network=False)
            charter = self._charters.charter(officer.project_id)
            facts |= {"title": charter.title, "own": charter.datasets_of(facts["member"].id)}
            facts["may_sign"] = self._charters.may_sign(charter)
            around = self._charters.around(charter)
            facts["signed"] = signed_words(charter, around.signed or (), around.name)
        return facts

    def choose(
        self,
        request: Request,
        project: Annotated[str, Form()],
        dataset: Annotated[str, Form()] = "",
    ) -> Response:
        return self._frame.do(
            request,
            "project",
            lambda: self._officer.choose(project.strip(), dataset),
            "/step/file" if dataset else "/step/project",
        )
