"""How often two owners ordered in other projects."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase

PartyPair = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\+[a-z0-9][a-z0-9-]{0,62}$")
]


class Counted(Body):
    """By the service: what two data owners ordered in its other projects within a year.

    `elsewhere` has a number for every two parties of this charter, under "one+other" in
    alphabetical order. Projects are not named: not all parties here take part in them.
    """

    TYPE: ClassVar[str] = "padan/budget"
    TITLE: ClassVar[Words] = Words("Kuota dicatat", "Budget recorded")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RUNS, 2)

    order: HexDigest
    elsewhere: dict[PartyPair, int]


def pair_name(one: str, other: str) -> str:
    """How two parties stand in `Counted.elsewhere`, whatever their order."""
    return "+".join(sorted((one, other)))
