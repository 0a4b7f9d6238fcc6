"""A party's signature on the charter."""

from __future__ import annotations

from typing import ClassVar

from policy.base.words import Words
from policy.charter import Charter
from policy.statements.kind import Kind, Phase


class CharterBody(Kind, Charter):
    """A party's signature on the charter; one statement for each party."""

    TYPE: ClassVar[str] = "padan/charter"
    TITLE: ClassVar[Words] = Words("Piagam ditandatangani", "Charter signed")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.AGREEMENT, 2)
