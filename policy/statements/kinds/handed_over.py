"""The sealed encodings that an auditor was given."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest, Identifier
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase, Processing


class HandedOver(Body):
    """By the service: an auditor was given these bundles and deltas, sealed, to repeat runs.

    It stands in the log before the file is written: encodings in a second place are not kept
    from those whose people they are of.
    """

    TYPE: ClassVar[str] = "padan/handed-over"
    TITLE: ClassVar[Words] = Words(
        "Sandi tersegel diserahkan kepada auditor", "Sealed encodings handed to an auditor"
    )
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RUNS, 4)
    PROCESSING: ClassVar[Processing] = Processing.DISCLOSURE

    to: Identifier
    bundles: tuple[HexDigest, ...]
