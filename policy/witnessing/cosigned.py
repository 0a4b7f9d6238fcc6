"""Checkpoints that members cosigned, and whose cosignatures count at each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policy.project import Project
from policy.statements import CharterBody


@dataclass(frozen=True)
class CosignedSize:
    """A checkpoint's size, and the times (Unix seconds) of the members with valid cosignatures.

    There may be two for one size: one with each member's first time, one with its newest.
    """

    size: int
    times: Mapping[str, int]

    @property
    def members(self) -> frozenset[str]:
        return frozenset(self.times)


def witnesses_at(project: Project, size: int) -> frozenset[str]:
    """The witnesses named by the charter that was in force at this size."""
    then = project.until(size)
    return frozenset(then.charter.witnesses.members if then.of(CharterBody) else ())
