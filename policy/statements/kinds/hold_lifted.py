"""The end of a legal hold."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body, Reference
from policy.statements.kind import Phase, Processing


class HoldLifted(Body):
    """By the member who placed the hold, or by another of the same agency or office."""

    TYPE: ClassVar[str] = "padan/hold-lifted"
    TITLE: ClassVar[Words] = Words(
        "Penangguhan pemusnahan dicabut", "Legal hold on destruction lifted"
    )
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RETENTION, 3)
    PROCESSING: ClassVar[Processing] = Processing.RESTRICTION

    hold: HexDigest
    reason: Reference
