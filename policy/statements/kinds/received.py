"""A recipient's receipt of one released file."""

from __future__ import annotations

from typing import ClassVar, Literal

from policy.base.canonical import HexDigest, Identifier
from policy.base.words import Words
from policy.statements.body import Body, RunId
from policy.statements.kind import Phase, Processing

# What a receipt says about canaries; a warning is in capitals.
CANARY_WORDS: dict[str, Words] = {
    "all-as-expected": Words("semua sesuai", "all as expected"),
    "missing": Words("ADA YANG HILANG", "SOME MISSING"),
    "unexpected": Words("ADA YANG TIDAK SEMESTINYA", "SOME UNEXPECTED"),
    "missing-and-unexpected": Words(
        "ADA YANG HILANG DAN TIDAK SEMESTINYA", "SOME MISSING AND UNEXPECTED"
    ),
}


class Received(Body):
    """By a recipient: the digests of the released file that it got, and how its canaries matched.

    Digests other than the staged ones mean that it got another file; canaries are not looked for in
    such a file.
    """

    TYPE: ClassVar[str] = "padan/receipt"
    TITLE: ClassVar[Words] = Words("Tanda terima ditandatangani", "Receipt signed")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 6)
    PROCESSING: ClassVar[Processing] = Processing.DISCLOSURE

    release: RunId
    decision: HexDigest
    dataset: Identifier
    domain: Identifier
    ciphertext: HexDigest
    plaintext: HexDigest
    canaries: Literal[
        "all-as-expected", "missing", "unexpected", "missing-and-unexpected", "not-looked-at"
    ]

    @property
    def is_complaint(self) -> bool:
        """Whether the recipient got another file."""
        return self.canaries == "not-looked-at"
