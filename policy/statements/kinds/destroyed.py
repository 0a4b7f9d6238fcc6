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
    """By the service or a party: it destroyed all its things of one kind.

    `objects` are digests in this log that name the uploads, runs and files (`policy.retention`).
    `count` is how many files, keys or tables were found and destroyed at that moment. `due` is the
    first day on which the charter required it; `early` says that it was destroyed before.
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
