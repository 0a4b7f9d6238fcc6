"""The end of what a project made: destruction attested, legal holds placed and lifted."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from policy.canonical import HexDigest, Identifier
from policy.statements.body import Body, Reference

ServiceThing = Literal["service-key", "encodings", "candidates", "staged-files", "openings"]
PartyThing = Literal[
    "prepared-rows", "keys", "handle-map", "opened-releases", "lists", "attributes"
]
# What ends at a date: at the service, and at each party.
Thing = ServiceThing | PartyThing


class Destroyed(Body):
    """By the service or a party: it destroyed one kind of thing of its own, all of it.

    `objects` are digests that stand in this log already and say of which uploads, runs and
    files (`policy.retention`); `count` is how many files, keys or tables were found and
    destroyed at that moment. `due` is the first day on which it had to go by the charter;
    `early` says that it went before.
    """

    TYPE: ClassVar[str] = "padan/destroyed"
    what: Thing
    due: date
    early: bool
    objects: tuple[HexDigest, ...]
    count: int = Field(ge=0)


class Hold(Body):
    """Nothing that it covers may be destroyed while it lasts; it allows no other use.

    By a data protection officer, an auditor or an authority for anyone, by a walidata party
    for its own. An empty `scope` covers all things, empty `owners` all members. Without
    `until` it lapses by itself (`policy.retention.LONGEST_HOLD_DAYS`).
    """

    TYPE: ClassVar[str] = "padan/hold"
    basis: Reference
    scope: tuple[Thing, ...] = ()
    owners: tuple[Identifier, ...] = ()
    until: date | None = None


class HoldLifted(Body):
    """By whoever placed the hold, or in its place its agency or its office."""

    TYPE: ClassVar[str] = "padan/hold-lifted"
    hold: HexDigest
    reason: Reference
