"""The approval of a field review's figures."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest, Identifier
from policy.base.words import Words
from policy.statements.body import Body, RunId
from policy.statements.kind import Phase


class ReviewApproved(Body):
    """By an approver or DPO of the recipient's agency: these counts may be said."""

    TYPE: ClassVar[str] = "padan/review-approval"
    TITLE: ClassVar[Words] = Words(
        "Angka pemeriksaan lapangan disetujui", "Figures of the field review approved"
    )
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 11)

    release: RunId
    dataset: Identifier
    figures: HexDigest
