"""The questions about a linkage, the charter that comes of them as one page, and its signature."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from policy.base.canonical import is_identifier
from policy.base.errors import PadanError
from policy.charter import Charter
from policy.starter.form import FEWEST, LEARNS, MOST, PAPERS, Fault, required_fields
from policy.starter.one_page import one_page
from policy.starter.questions import QUESTIONS, a_year_from
from policy.terminal.local_page.frame import PageFrame
from policy.ui.charters import ANSWERS, CHARTER, CharterDesk

_FILES = {CHARTER, ANSWERS, "roster-plan.csv", "padan-id-5.yaml"}

_WHO = ("third.", "operator.", "auditor.")


class CharterPages:
    """Asks, shows and signs. `then` is where a person goes on who has signed."""

    def __init__(self, frame: PageFrame, charters: CharterDesk, then: str) -> None:
        self._frame, self._charters, self._then = frame, charters, then

    def questions(self, request: Request, agencies: int = FEWEST) -> Response:
        today = datetime.now(UTC).date()
        given = {"starts": today.isoformat(), "ends": a_year_from(today).isoformat()}
        given |= {"archive_code": "PS.01", "laws": QUESTIONS["laws"].example}
        return self._form(request, {**given, **self._charters.said}, agencies)

    def _form(
        self,
        request: Request,
        said: Mapping[str, str],
        agencies: int,
        faults: tuple[Fault, ...] = (),
    ) -> Response:
        agencies = max(FEWEST, min(MOST, agencies))
        required, kept = required_fields(said, agencies), self._charters.papers
        unanswered = {each for each in required if not said.get(each) and each not in kept}
        unanswered |= {each.field for each in faults}  # answered, but to be corrected
        return self._frame.show(
            request,
            "charter",
            409 if faults else 200,
            questions=QUESTIONS,
            learns=LEARNS,
            papers=PAPERS,
            kept={name: file for name, (file, _) in kept.items()},
            agencies=agencies,
            said=said,
            required=required,
            faults=faults,
            faulty={each.field for each in faults},
            open_who=any(each.startswith(_WHO) for each in unanswered),
            open_papers=any(each.startswith((*PAPERS, "archive_code")) for each in unanswered),
            drafts=self._charters.drafts(),
            waiting=self._charters.waiting(),
        )

    async def answer(self, request: Request) -> Response:
        async with request.form() as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            files = {
                name: (value.filename or "", await value.read())
                for name, value in form.items()
                if isinstance(value, UploadFile) and value.filename
            }
        found = await run_in_threadpool(self._charters.take, fields, files)
        if found:
            return self._form(request, self._charters.said, self._charters.agencies, found)
        try:
            project = await run_in_threadpool(self._charters.draft)
        except PadanError as error:
            return self._frame.refused(request, error, "/charter")
        return RedirectResponse(f"/charter/{project}", 303)

    def page(self, request: Request, project: str) -> Response:
        return self._frame.guarded(request, "charter_page", lambda: self._facts(project))

    def file(self, request: Request, project: str, name: str) -> Response:
        if name not in _FILES or not is_identifier(project):
            return Response(status_code=404)
        path = self._charters.folder(project) / name
        if not path.is_file():
            return Response(status_code=404)
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(path.read_bytes(), media_type="application/octet-stream", headers=headers)

    def sign(
        self,
        request: Request,
        project: str,
        digest: Annotated[str, Form()] = "",
        passphrase: Annotated[str, Form()] = "",
    ) -> Response:
        return self._frame.do(
            request,
            "charter",
            lambda: self._charters.sign(project, digest, passphrase.encode()),
            self._then.format(project=project),
        )

    def _may_invite(self, charter: Charter) -> bool:
        """Whether this draft's people can be invited from here, before there is a roster."""
        home = self._charters.home
        drafted = charter.project in self._charters.drafts()
        if not home.identity_path.exists():
            return drafted
        return drafted and not home.has_joined and home.member().has("service")

    def _facts(self, project: str) -> dict[str, Any]:
        charter = self._charters.charter(project)
        around = self._charters.around(charter)
        folder = self._charters.folder(project)
        return {
            "page": one_page(charter, around),
            "charter": charter,
            "files": sorted(name for name in _FILES if (folder / name).is_file()),
            "invites": self._may_invite(charter),
            "signable": not around.hindrances and self._charters.may_sign(charter),
        }
