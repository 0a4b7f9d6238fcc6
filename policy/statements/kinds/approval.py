"""A vote on a stage."""

from __future__ import annotations

from typing import ClassVar, Literal

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body, RunId, Seconds
from policy.statements.kind import Phase


class Approval(Body):
    """By an approver or DPO: yes or no to exactly one staged manifest."""

    TYPE: ClassVar[str] = "padan/approval"
    TITLE: ClassVar[Words] = Words("Suara penyetuju", "Approver's vote")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 3)

    release: RunId
    stage: HexDigest
    facts: HexDigest
    verdict: Literal["approve", "refuse"]
    expires: Seconds

    @property
    def approves(self) -> bool:
        return self.verdict == "approve"

    @property
    def outcome(self) -> Words:
        if self.approves:
            return Words("Persetujuan diberikan", "Approval given")
        return Words("Persetujuan ditolak", "Approval refused")
