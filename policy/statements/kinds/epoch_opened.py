"""The service's key of an epoch."""

from __future__ import annotations

from typing import ClassVar

from policy.base.words import Words
from policy.statements.body import Base64, Body
from policy.statements.kind import Phase


class EpochOpened(Body):
    """By the service: the HPKE key to which this epoch's bundles are sealed."""

    TYPE: ClassVar[str] = "padan/epoch"
    TITLE: ClassVar[Words] = Words("Periode kunci dibuka", "Key epoch opened")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.AGREEMENT, 3)

    service_key: Base64
