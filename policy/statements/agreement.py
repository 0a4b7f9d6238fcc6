"""What opens a project: roster, charter, the service's key of the epoch."""

from __future__ import annotations

from typing import ClassVar

from policy.charter import Charter
from policy.roster import Roster
from policy.statements.body import Base64, Body, Reference


class RosterBody(Roster):
    TYPE: ClassVar[str] = "padan/roster"


class CharterBody(Charter):
    """A party's signature on the charter; one statement a party."""

    TYPE: ClassVar[str] = "padan/charter"


class Ended(Body):
    """By one of two parties, before there are keys: the project goes no further."""

    TYPE: ClassVar[str] = "padan/end"
    reason: Reference


class EpochOpened(Body):
    """By the service: the HPKE key to which this epoch's bundles are sealed."""

    TYPE: ClassVar[str] = "padan/epoch"
    service_key: Base64
