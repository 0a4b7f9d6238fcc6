"""Who is signed in, and what this account opens."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from linkage_service.people import Staff
from linkage_service.people.staff import ALL_PROJECTS
from linkage_service.service import Service
from linkage_service.ui.frame import ServiceFrame
from linkage_service.ui.visitors import Visitor, project_for
from policy.base.errors import PadanError
from policy.base.words import Words

_OFFICES = {"party", "service", "auditor", "coordinator", "authority"}


class AccountPage:
    """The person's own page."""

    def __init__(self, frame: ServiceFrame) -> None:
        self._frame = frame

    def show(self, request: Request, person: Visitor) -> Response:
        service: Service | None = getattr(request.app.state, "service", None)
        chosen = () if ALL_PROJECTS in person.projects else person.projects
        return self._frame.show(
            request,
            "account",
            office=_office(service, person.office),
            sees_all=ALL_PROJECTS in person.projects,
            projects=[(name, _title(service, person, name)) for name in chosen],
        )


def _office(service: Service | None, office: str) -> str:
    """The name of the office's first member in the roster; the id if it has none."""
    members = service.ledger.roster.members if service else ()
    ours = [each for each in members if each.agency == office]
    return next((each.name for each in ours if _OFFICES & set(each.roles)), office)


def _title(service: Service | None, person: Staff, name: str) -> Words:
    """The title of a project that the person may see; otherwise the id, which the account has."""
    if service is None:
        return Words(name, name)
    try:
        title = project_for(service, person, name).charter.title
    except PadanError:
        return Words(name, name)
    return Words(title.id, title.en)
