"""Unlock this machine, and choose the project and the dataset."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from encoder.ui.pages.frame import OfficerFrame
from policy.charter import Dataset


class ProjectPages:
    """The way in, and step 1."""

    def __init__(self, frame: OfficerFrame) -> None:
        self._frame, self._officer = frame, frame.officer

    def first(self) -> Response:
        if self._officer.me is None:
            return RedirectResponse("/unlock", 303)
        return RedirectResponse("/step/project", 303)

    def locked(self, request: Request) -> Response:
        return self._frame.guarded(
            request, "unlock", lambda: {"member": self._officer.home.member()}
        )

    def unlock(self, request: Request, passphrase: Annotated[str, Form()] = "") -> Response:
        return self._frame.do(
            request, "unlock", lambda: self._officer.unlock(passphrase.encode()), "/step/project"
        )

    def project_facts(self) -> dict[str, Any]:
        officer = self._officer
        title: Any = None
        own: tuple[Dataset, ...] = ()
        if officer.project_id:
            session = officer.session(network=False)
            title = session.charter.title
            own = session.charter.datasets_of(session.me.member.id)
        return {"title": title, "own": own, "member": officer.home.member()}

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
