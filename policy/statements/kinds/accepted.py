"""The service's intake of a bundle or delta."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest, Identifier
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase, Processing


class Accepted(Body):
    """By the service: it opened a bundle or delta and found it as its statement says."""

    TYPE: ClassVar[str] = "padan/intake"
    TITLE: ClassVar[Words] = Words(
        "Sandi dibuka dan diterima layanan", "Encodings opened and accepted"
    )
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.DATASETS, 2)
    PROCESSING: ClassVar[Processing] = Processing.COLLECTION

    dataset: Identifier
    bundle: HexDigest
