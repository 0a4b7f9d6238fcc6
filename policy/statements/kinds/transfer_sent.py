"""The decision to send attributes, with the digests of what is sent."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body, RunId, Seconds
from policy.statements.kind import Phase, Processing
from policy.statements.kinds.decided import RuleVerdict

# A hundred gigabytes.
MOST_PARTS = 100_000


class TransferSent(Body):
    """By the sender: every rule holds, and this is the sealed file. `expires` ends its opening.

    `parts` is how many parts the sealed file has: the seal of its key, and its chunks. Who asks
    which of them are missing makes the service look for each.
    """

    TYPE: ClassVar[str] = "padan/transfer-sent"
    TITLE: ClassVar[Words] = Words("Atribut dikirim", "Attributes sent")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 9)
    PROCESSING: ClassVar[Processing] = Processing.DISCLOSURE

    transfer: RunId
    request: HexDigest
    votes: tuple[HexDigest, ...]
    rules: tuple[RuleVerdict, ...]
    plaintext: HexDigest
    ciphertext: HexDigest
    parts: int = Field(ge=2, le=MOST_PARTS)
    expires: Seconds
