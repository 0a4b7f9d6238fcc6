"""A data protection officer's exception to a rule."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase


class Excepted(Body):
    """By a data protection officer of a party: a rule of the run gate may fail until that day.

    `about` names what is let pass: the digest of the encodings whose probes miss a floor, or
    the agencies in which linkage unit and data owners overlap.
    """

    TYPE: ClassVar[str] = "padan/exception"
    TITLE: ClassVar[Words] = Words("Pengecualian diberikan", "Exception granted")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.PRIVACY, 2)

    rule: Literal["run.privacy", "run.separation"]
    about: tuple[str, ...] = Field(min_length=1)
    reference: str = Field(min_length=1, max_length=200)
    until: date
