"""What each kind of statement declares: type, title, place in the order, sort of processing."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import ClassVar

from policy.base.words import Words


class Phase(IntEnum):
    """The phases of a project, in order."""

    AGREEMENT = 1
    PRIVACY = 2
    CEREMONY = 3
    DATASETS = 4
    RUNS = 5
    RELEASES = 6
    RETENTION = 7


class Processing(Enum):
    """The sort of processing, as a record of activities names it (UU 27/2022 art. 31)."""

    GOVERNANCE = Words("tata kelola", "governance")
    COLLECTION = Words("pengumpulan", "collection")
    TRANSFER = Words("pengiriman", "transfer")
    ANALYSIS = Words("pengolahan", "processing")
    DISCLOSURE = Words("penyerahan", "disclosure")
    RESTRICTION = Words("pembatasan", "restriction")
    ERASURE = Words("pemusnahan", "destruction")


class Kind:
    """Base of the kinds of statements.

    `TYPE` is the type in the binding. `TITLE` names the event, in every timeline, page and paper.
    `PLACE` orders the kinds as in a project's life: the phase, then a number in it.
    """

    TYPE: ClassVar[str]
    TITLE: ClassVar[Words]
    PLACE: ClassVar[tuple[Phase, int]]
    PROCESSING: ClassVar[Processing] = Processing.GOVERNANCE

    @property
    def outcome(self) -> Words:
        """What this statement made happen; the title, unless the body says more."""
        return self.TITLE
