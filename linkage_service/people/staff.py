"""A person who is signed in, and what a role is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from policy.base.words import Words


class Role(StrEnum):
    """What a person does at the service. Members of the roster have other roles."""

    coordinator = "coordinator"
    operator = "operator"
    auditor = "auditor"
    dpo = "dpo"

    @property
    def words(self) -> Words:
        return _WORDS[self]


_WORDS = {
    Role.coordinator: Words("koordinator", "coordinator"),
    Role.operator: Words("operator", "operator"),
    Role.auditor: Words("auditor", "auditor"),
    Role.dpo: Words("pejabat pelindungan data", "data protection officer"),
}

ALL_PROJECTS = "*"


@dataclass(frozen=True)
class Staff:
    """A person with an account at this service.

    `projects` are the ids of the projects that this person may look at; `("*",)` means all of them.
    """

    id: str
    name: str
    office: str
    roles: frozenset[Role]
    projects: tuple[str, ...] = ()

    def has(self, *roles: Role) -> bool:
        """Whether the person has one of these roles."""
        return not self.roles.isdisjoint(roles)

    def sees(self, project: str) -> bool:
        """Whether the person may look at this project at all."""
        return ALL_PROJECTS in self.projects or project in self.projects
