"""A vote on a transfer of attributes."""

from __future__ import annotations

from typing import ClassVar, Literal

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body, RunId
from policy.statements.kind import Phase


class TransferVote(Body):
    """By an approver or the DPO of the sender: yes or no to exactly one request of a transfer."""

    TYPE: ClassVar[str] = "padan/transfer-vote"
    TITLE: ClassVar[Words] = Words("Suara atas pengiriman atribut", "Vote on a transfer")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 8)

    transfer: RunId
    request: HexDigest
    verdict: Literal["approve", "refuse"]

    @property
    def approves(self) -> bool:
        return self.verdict == "approve"

    @property
    def outcome(self) -> Words:
        if self.approves:
            return Words("Pengiriman atribut disetujui", "Transfer of attributes approved")
        return Words("Pengiriman atribut ditolak", "Transfer of attributes refused")
