"""A party's key share, sealed to its peers."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest, Identifier
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase


class Revealed(Body):
    """By a party: the digests of the seals that carry its share to each peer.

    The seals themselves go through the service's mailbox and are deleted there, so that the log
    holds nothing that a later attack on HPKE could open.
    """

    TYPE: ClassVar[str] = "padan/reveal"
    TITLE: ClassVar[Words] = Words(
        "Bagian rahasia disegel untuk setiap pihak lain", "Share sealed to every peer"
    )
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.CEREMONY, 2)

    seals: dict[Identifier, HexDigest]
