"""A party's confirmation that it has the same keys and rules as its peers."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase


class Confirmed(Body):
    """By a party: it holds the same keys, rules and profile as its peers."""

    TYPE: ClassVar[str] = "padan/confirm"
    TITLE: ClassVar[Words] = Words("Kunci dan aturan dicocokkan", "Keys and rules confirmed")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.CEREMONY, 3)

    records_mac: HexDigest
    member_mac: HexDigest
