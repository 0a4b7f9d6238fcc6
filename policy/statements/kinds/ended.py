"""The end of a project that has no keys yet."""

from __future__ import annotations

from typing import ClassVar

from policy.base.words import Words
from policy.statements.body import Body, Reference
from policy.statements.kind import Phase


class Ended(Body):
    """By one of two parties, before there are keys: the project does not go on."""

    TYPE: ClassVar[str] = "padan/end"
    TITLE: ClassVar[Words] = Words("Proyek diakhiri", "Project ended")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.AGREEMENT, 4)

    reason: Reference
