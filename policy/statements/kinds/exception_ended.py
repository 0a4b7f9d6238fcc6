"""The end of an exception."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase


class ExceptionEnded(Body):
    """By a party's data protection officer: the exception does not count any more."""

    TYPE: ClassVar[str] = "padan/exception-ended"
    TITLE: ClassVar[Words] = Words("Pengecualian diakhiri", "Exception ended")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.PRIVACY, 3)

    exception: HexDigest
