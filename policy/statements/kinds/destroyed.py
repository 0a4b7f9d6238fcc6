"""An attestation of destruction."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase, Processing
from policy.statements.things import Thing


class Destroyed(Body):
    """By the service or a party: it destroyed one kind of thing of its own, all of it.

    `objects` are digests that stand in this log already and say of which uploads, runs and
    files (`policy.retention`); `count` is how many files, keys or tables were found and
    destroyed at that moment. `due` is the first day on which it had to go by the charter;
    `early` says that it went before.
    """

    TYPE: ClassVar[str] = "padan/destroyed"
    TITLE: ClassVar[Words] = Words("Pemusnahan dinyatakan", "Destruction attested")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RETENTION, 1)
    PROCESSING: ClassVar[Processing] = Processing.ERASURE

    what: Thing
    due: date
    early: bool
    objects: tuple[HexDigest, ...]
    count: int = Field(ge=0)
