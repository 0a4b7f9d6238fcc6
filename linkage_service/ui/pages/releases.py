"""Releases of a project: to whom, what, how far; and each decision rule by rule."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from linkage_service.api.auth import service_of
from linkage_service.people import Staff
from linkage_service.service import Service
from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.visitors import Reader, may_read_stage, project_for
from policy.approval.asked import FORMS, STATES, Asked, asked_of
from policy.base.errors import PadanError
from policy.gates.facts import OpenedFacts
from policy.gates.rules import rule_named
from policy.project import Project, ReleaseRecord
from policy.project.naming import offices
from policy.project.progress import TRANSFER_STATES


class ReleasesPages:
    """What was asked for, and what was decided."""

    def __init__(self, frame: ServiceFrame) -> None:
        self._frame = frame

    def all(self, request: Request, project: str, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            found = project_for(service, person, project)
            return _named(found) | {
                "releases": asked_of(found, service.me.member, service.clock()),
                "transfers": found.transfers(),
                "transfer_states": TRANSFER_STATES,
                "now": service.clock(),
            }

        return self._frame.guarded(request, "project-releases", facts)

    def one(self, request: Request, project: str, name: str, person: Reader) -> Response:
        service = service_of(request)

        def facts() -> dict[str, Any]:
            found = project_for(service, person, project)
            asked = _asked(service, person, found.release(name))
            law = found.charter.law
            titles = {"title_of": lambda rule: rule_named(law, rule).title}
            return _named(found) | {"asked": asked, "forms": FORMS} | titles

        return self._frame.guarded(request, "project-release", facts)


def _named(project: Project) -> dict[str, Any]:
    return {"charter": project.charter, "naming": offices(project), "states": STATES}


def _asked(service: Service, person: Staff, record: ReleaseRecord) -> Asked:
    """The release with the facts that its rules need, if they are kept and this person may know
    what the rules say of them. The rules' reasons name lists and never counts."""
    asked = Asked(record, service.me.member, service.clock())
    record.request  # noqa: B018 - raises NotYet for a release that nobody asked for
    if asked.staged is None or not may_read_stage(person, record):
        return asked
    return Asked(record, asked.me, asked.at, _opened(service, record.project, asked.staged.facts))


def _opened(service: Service, project: Project, commitment: str) -> OpenedFacts | None:
    """The facts of a stage; None once they are destroyed."""
    try:
        return service.opened(project.charter.project, commitment)
    except PadanError:
        return None
