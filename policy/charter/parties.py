"""Who takes part: agencies, the linkage unit, witnesses."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policy.canonical import Identifier, Model


class Party(Model):
    """An agency that takes part, with its contact for data subjects.

    `capacity` is its place under UU PDP art. 18 and 20, `dpo` the roster member who is its
    data protection officer (UU PDP art. 53).
    """

    member: Identifier
    role: Literal["walidata", "produsen-data", "pembina-data"]
    contact: str = Field(min_length=1, max_length=200)
    capacity: Literal["controller", "joint-controller"] | None = None
    dpo: Identifier | None = None


class LinkageUnit(Model):
    """Who runs the service: a processor of the parties (UU PDP art. 51, 52).

    Whoever holds the encodings and any one owner's key can find everybody's NIK, so neither
    its controller nor its superiors and administrators (agencies of the roster) may be those of
    a data owner.
    """

    member: Identifier
    controller: Identifier
    superiors: tuple[Identifier, ...] = ()
    administrators: tuple[Identifier, ...] = Field(min_length=1)

    @property
    def agencies(self) -> frozenset[str]:
        return frozenset((self.controller, *self.superiors, *self.administrators))


class Witnesses(Model):
    """Who cosigns the log, and how many agencies must before the next step.

    `faulty` is how many lying agencies the quorum has to withstand (`policy.quorum`).
    """

    members: tuple[Identifier, ...] = Field(min_length=1)
    quorum: int = Field(ge=1)
    faulty: int = Field(default=1, ge=1, exclude_if=lambda faulty: faulty == 1)
