"""The roster, as the first statement of a log."""

from __future__ import annotations

from typing import ClassVar

from policy.base.words import Words
from policy.members.roster import Roster
from policy.statements.kind import Kind, Phase


class RosterBody(Kind, Roster):
    TYPE: ClassVar[str] = "padan/roster"
    TITLE: ClassVar[Words] = Words("Roster diterbitkan", "Roster issued")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.AGREEMENT, 1)
