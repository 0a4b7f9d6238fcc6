"""The order of a run."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from policy.base.canonical import Identifier
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase


class RunOrder(Body):
    """By a party: the order to match, with its parameters. Spends budget."""

    TYPE: ClassVar[str] = "padan/order"
    TITLE: ClassVar[Words] = Words("Pemadanan diperintahkan", "Run ordered")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RUNS, 1)

    purpose: Identifier
    domains: tuple[Identifier, ...] = Field(min_length=1)
    thresholds_ppm: dict[Identifier, int]
    nik_floor_ppm: int
