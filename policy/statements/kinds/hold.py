"""A legal hold on destruction."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from policy.base.canonical import Identifier
from policy.base.words import Words
from policy.statements.body import Body, Reference
from policy.statements.kind import Phase, Processing
from policy.statements.things import Thing


class Hold(Body):
    """Nothing that the hold covers may be destroyed while it lasts; it permits no other use.

    By a data protection officer, an auditor or an authority for anyone's things, or by a walidata
    party for its own. An empty `scope` covers all things, empty `owners` all members. Without
    `until` it lapses after `policy.retention.LONGEST_HOLD_DAYS` days.
    """

    TYPE: ClassVar[str] = "padan/hold"
    TITLE: ClassVar[Words] = Words("Penangguhan pemusnahan", "Legal hold on destruction")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RETENTION, 2)
    PROCESSING: ClassVar[Processing] = Processing.RESTRICTION

    basis: Reference
    scope: tuple[Thing, ...] = ()
    owners: tuple[Identifier, ...] = ()
    until: date | None = None
