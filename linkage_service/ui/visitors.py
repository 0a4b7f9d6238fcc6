"""Which roles open which pages, and which projects a person may look at.

    coordinator   projects, and runs: start and stop
    auditor, dpo  projects, reading only
    operator      health of the service; no project

A person sees the projects of their account. Another project is refused in the same words as one
that does not exist.
"""

# No `from __future__ import annotations`: FastAPI reads the annotations of a nested function.

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from linkage_service.people import Role, Staff, signed_in
from linkage_service.service import Service
from linkage_service.storage.heads import no_project
from policy.project import Project, RunRecord
from policy.statements import CharterBody

_READING = (Role.coordinator, Role.auditor, Role.dpo)


def _remembered(*roles: Role) -> Callable[..., Awaitable[Staff]]:
    """The person with one of these roles, whom the page's frame then knows."""

    async def person(
        request: Request, person: Annotated[Staff, Depends(signed_in(*roles))]
    ) -> Staff:
        request.state.person = person
        return person

    return person


Visitor = Annotated[Staff, Depends(_remembered())]
Reader = Annotated[Staff, Depends(_remembered(*_READING))]
Coordinator = Annotated[Staff, Depends(_remembered(Role.coordinator))]
Auditor = Annotated[Staff, Depends(_remembered(Role.auditor, Role.dpo))]
Caretaker = Annotated[Staff, Depends(_remembered(Role.operator, Role.coordinator))]


def reads_projects(person: Staff) -> bool:
    """Whether the person may look at projects at all."""
    return person.has(*_READING)


def project_for(service: Service, person: Staff, project_id: str) -> Project:
    """The project, if it exists for this person; raises Refused."""
    if not person.sees(project_id):
        raise no_project()
    project = service.ledger.project(project_id)
    if not project.of(CharterBody):
        raise no_project()
    return project


def projects_for(service: Service, person: Staff) -> list[Project]:
    """Every project that this person may look at, by id."""
    named = [each for each in service.ledger.projects() if person.sees(each)]
    projects = (service.ledger.project(each) for each in named)
    return [each for each in projects if each.of(CharterBody)]


def may_read_counts(person: Staff, run: RunRecord) -> bool:
    """Whether the person may see the counts of a run.

    A data protection officer works at an agency. Agencies learn counts by a stage and not before
    (`policy.project.recipients`), so an officer reads them once a release of the run was staged.
    """
    if person.has(Role.coordinator, Role.auditor):
        return True
    releases = run.project.releases()
    return any(each.run.name == run.name and each.stage is not None for each in releases)
