"""Rows that a party withdraws."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from policy.base.canonical import HexDigest, Identifier
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase, Processing


class Withdrawn(Body):
    """By a party: rows of its own that take part in no later run.

    People may object, or ask for restriction, after their rows were sent (UU 27/2022 art. 10, 41;
    art. 40 if the basis is consent). `handles` is the digest of a document at the service: a JSON
    list of handles in hex. `count` is its length.
    """

    TYPE: ClassVar[str] = "padan/withdraw"
    TITLE: ClassVar[Words] = Words("Baris ditarik", "Rows withdrawn")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.DATASETS, 4)
    PROCESSING: ClassVar[Processing] = Processing.RESTRICTION

    dataset: Identifier
    handles: HexDigest
    count: int = Field(ge=1)
