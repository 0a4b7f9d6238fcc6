"""A data protection officer's exception to a rule."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase


class Excepted(Body):
    """By a party's data protection officer: a rule of the run gate is waived until that day.

    `about` names what is waived: the digest of encodings whose probes miss a floor, or agencies
    that belong to both the linkage unit and the data owners.
    """

    TYPE: ClassVar[str] = "padan/exception"
    TITLE: ClassVar[Words] = Words("Pengecualian diberikan", "Exception granted")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.PRIVACY, 2)

    rule: Literal["run.privacy", "run.separation"]
    about: tuple[str, ...] = Field(min_length=1)
    reference: str = Field(min_length=1, max_length=200)
    until: date
