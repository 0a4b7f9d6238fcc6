"""The sealed encodings that the service gave to an auditor."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest, Identifier
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase, Processing


class HandedOver(Body):
    """By the service: it gave these sealed bundles and deltas to an auditor, for rerunning runs.

    The statement is in the log before the file is written, so that everybody whose people the
    encodings describe knows of the second copy.
    """

    TYPE: ClassVar[str] = "padan/handed-over"
    TITLE: ClassVar[Words] = Words(
        "Sandi tersegel diserahkan kepada auditor", "Sealed encodings handed to an auditor"
    )
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RUNS, 4)
    PROCESSING: ClassVar[Processing] = Processing.DISCLOSURE

    to: Identifier
    bundles: tuple[HexDigest, ...]
