"""The names of members, as the report's tables show them."""

from __future__ import annotations

from collections.abc import Iterable

from policy.base.words import Words
from policy.charts.page import Cell
from policy.project import Project

DASH = Words("-", "-")


def names_of(project: Project, members: Iterable[str]) -> Cell:
    """The names of some members, each once; a dash for none."""
    return ", ".join(name_of(project, each) for each in dict.fromkeys(members)) or DASH


def name_of(project: Project, member: str) -> str:
    return project.known(member).name
