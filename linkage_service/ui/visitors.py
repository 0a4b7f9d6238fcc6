"""Which roles open which pages, and which projects a person may look at.

    coordinator   projects, and runs: start and stop
    auditor, dpo  projects, reading only
    operator      health of the service; no project

A person sees the projects of their account, and of these the ones whose charter knows their office
(`linkage_service.people.entitled`).
"""

# No `from __future__ import annotations`: FastAPI reads the annotations of a nested function.

from typing import Annotated

from fastapi import Depends

from linkage_service.people import Role, Staff, signed_in
from linkage_service.people.entitled import may_see
from linkage_service.service import Service
from linkage_service.storage.heads import no_project
from policy.project import Project, ReleaseRecord, RunRecord
from policy.project.recipients import may_open_facts
from policy.statements import CharterBody

_READING = (Role.coordinator, Role.auditor, Role.dpo)


Visitor = Annotated[Staff, Depends(signed_in())]
Reader = Annotated[Staff, Depends(signed_in(*_READING))]
Coordinator = Annotated[Staff, Depends(signed_in(Role.coordinator))]
Auditor = Annotated[Staff, Depends(signed_in(Role.auditor, Role.dpo))]
Caretaker = Annotated[Staff, Depends(signed_in(Role.operator, Role.coordinator))]


def reads_projects(person: Staff) -> bool:
    """Whether the person may look at projects at all."""
    return person.has(*_READING)


def project_for(service: Service, person: Staff, project_id: str) -> Project:
    """The project, if it exists for this person; raises Refused.

    `signed_in` asked this already where a page's address names the project.
    """
    project = service.ledger.project(project_id)
    if not project.of(CharterBody) or not may_see(person, project.charter, project.roster):
        raise no_project()
    return project


def open_domains(person: Staff, run: RunRecord) -> tuple[str, ...]:
    """The ID domains whose counts the person may see.

    Coordinators and auditors see all. A data protection officer works at an agency, and agencies
    learn counts by a stage (`policy.project.recipients`): officers see the domains of stages whose
    facts their office may open.
    """
    if person.has(Role.coordinator, Role.auditor):
        return run.order.body.domains
    releases = [each for each in run.project.releases() if each.run.name == run.name]
    staged = {name for each in releases if may_read_stage(person, each) for name in each.domains}
    return tuple(name for name in run.order.body.domains if name in staged)


def may_read_stage(person: Staff, release: ReleaseRecord) -> bool:
    """Whether the person may know what the facts of this release's stage say."""
    if release.stage is None:
        return False
    if person.has(Role.coordinator, Role.auditor):
        return True
    project, commitment = release.project, release.stage.body.facts
    officers = (each for each in project.roster.members if each.agency == person.office)
    return any(each.has("dpo") and may_open_facts(project, commitment, each) for each in officers)
