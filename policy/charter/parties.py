"""The participants: agencies, the linkage unit, walidata, witnesses."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from policy.base.canonical import Identifier, Model
from policy.charter.words import Bilingual

SatuDataRole = Literal["walidata", "produsen-data", "pembina-data"]
SubTask = Literal["hosting", "backup", "network", "support", "other"]


def _one_or_several(value: Any) -> str:
    return "=several" if isinstance(value, list | tuple) else "=one"


class Party(Model):
    """An agency that takes part, with its contact for data subjects.

    `role` is its role or roles in Satu Data; BPS, for example, supervises data and produces them.
    `capacity` is its role under UU PDP art. 18 and 20. `dpo` is the roster member that is its data
    protection officer (UU PDP art. 53).
    """

    member: Identifier
    role: Annotated[
        Annotated[SatuDataRole, Tag("=one")]
        | Annotated[tuple[SatuDataRole, ...], Field(min_length=1), Tag("=several")],
        Discriminator(_one_or_several),
    ]
    contact: str = Field(min_length=1, max_length=200)
    capacity: Literal["controller", "joint-controller"] | None = None
    dpo: Identifier | None = None

    @property
    def roles(self) -> tuple[SatuDataRole, ...]:
        return (self.role,) if isinstance(self.role, str) else self.role


class Walidata(Model):
    """The unit that publishes the data of these parties (Perpres 39/2019).

    A province's walidata publishes for its offices and need not own a list here. A party that is
    the walidata of its own data says so by its role.
    """

    member: Identifier
    parties: tuple[Identifier, ...] = Field(min_length=1)
    contact: str = Field(min_length=1, max_length=200)


class SubProcessor(Model):
    """Another processor that the linkage unit engages (UU PDP art. 51(5)).

    `agency` is its agency in the roster, if it has one. `agreement` is the number of its agreement
    with the unit. `consents` are the parties that consented in writing before it was engaged.
    """

    name: str = Field(min_length=1, max_length=120)
    agency: Identifier | None = None
    tasks: tuple[SubTask, ...] = Field(min_length=1)
    about: Bilingual
    agreement: str = Field(min_length=1, max_length=120)
    consents: tuple[Identifier, ...] = ()


class LinkageUnit(Model):
    """The operator of the service: a processor of the parties (UU PDP art. 51, 52).

    The encodings and any one owner's key together reveal everybody's NIK. So neither its
    controller, nor its superiors and administrators (agencies of the roster), nor its
    sub-processors may be agencies of a data owner. `dpo` is the roster member that is its own data
    protection officer (art. 53(1)). `hosting` is the place of its machines if no sub-processor has
    them. A charter without `subprocessors`, `dpo` and `hosting` keeps its earlier canonical form.
    """

    member: Identifier
    controller: Identifier
    superiors: tuple[Identifier, ...] = ()
    administrators: tuple[Identifier, ...] = Field(min_length=1)
    dpo: Identifier | None = Field(default=None, exclude_if=lambda dpo: dpo is None)
    hosting: Bilingual | None = Field(default=None, exclude_if=lambda hosting: hosting is None)
    subprocessors: tuple[SubProcessor, ...] = Field(default=(), exclude_if=lambda named: not named)

    @property
    def agencies(self) -> frozenset[str]:
        engaged = (each.agency for each in self.subprocessors if each.agency is not None)
        return frozenset((self.controller, *self.superiors, *self.administrators, *engaged))

    @property
    def says_where(self) -> bool:
        """Whether the hosting is named: the unit's own, or a sub-processor's task."""
        return self.hosting is not None or any("hosting" in s.tasks for s in self.subprocessors)


class Witnesses(Model):
    """The members that cosign the log, and how many agencies must before the next step.

    `faulty` is how many lying agencies the quorum must withstand (`policy.witnessing.quorum`).
    """

    members: tuple[Identifier, ...] = Field(min_length=1)
    quorum: int = Field(ge=1)
    faulty: int = Field(default=1, ge=1, exclude_if=lambda faulty: faulty == 1)
