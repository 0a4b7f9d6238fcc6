"""How many runs two data owners ordered in other projects."""

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
    """By the service: the runs that two data owners ordered in its other projects within a year.

    `elsewhere` has a number for every two parties of this charter, under "one+other" in
    alphabetical order. It does not name the projects, because not all parties here take part in
    them.
    """

    TYPE: ClassVar[str] = "padan/budget"
    TITLE: ClassVar[Words] = Words("Anggaran dicatat", "Budget recorded")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RUNS, 2)

    order: HexDigest
    elsewhere: dict[PartyPair, int]


def pair_name(one: str, other: str) -> str:
    """The key of two parties in `Counted.elsewhere`, in any order of the arguments."""
    return "+".join(sorted((one, other)))
