"""The end of a legal hold."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body, Reference
from policy.statements.kind import Phase, Processing


class HoldLifted(Body):
    """By whoever placed the hold, or in its place its agency or its office."""

    TYPE: ClassVar[str] = "padan/hold-lifted"
    TITLE: ClassVar[Words] = Words(
        "Penangguhan pemusnahan dicabut", "Legal hold on destruction lifted"
    )
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RETENTION, 3)
    PROCESSING: ClassVar[Processing] = Processing.RESTRICTION

    hold: HexDigest
    reason: Reference
