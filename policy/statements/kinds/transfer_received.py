"""A recipient's receipt for attributes."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body, RunId
from policy.statements.kind import Phase, Processing


class TransferReceived(Body):
    """By the recipient: it opened the sealed file with these digests, which ends the transfer."""

    TYPE: ClassVar[str] = "padan/transfer-receipt"
    TITLE: ClassVar[Words] = Words("Atribut diterima", "Attributes received")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 10)
    PROCESSING: ClassVar[Processing] = Processing.DISCLOSURE

    transfer: RunId
    sent: HexDigest
    plaintext: HexDigest
    ciphertext: HexDigest
