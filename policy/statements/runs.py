"""What was ordered and what was executed."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from policy.canonical import HexDigest, Identifier
from policy.statements.body import Body


class RunOrder(Body):
    """By a party: the order to match, with the parameters to be used. Spends budget."""

    TYPE: ClassVar[str] = "padan/order"
    purpose: Identifier
    domains: tuple[Identifier, ...] = Field(min_length=1)
    thresholds_ppm: dict[Identifier, int]
    nik_floor_ppm: int


class RunFinished(Body):
    """By the service: what was executed and what came out, exact facts committed.

    `bundles` are the commitments that stood when the run was ordered: bundles or deltas.
    """

    TYPE: ClassVar[str] = "padan/run"
    order: HexDigest
    bundles: dict[Identifier, HexDigest]
    thresholds_ppm: dict[Identifier, int]
    nik_floor_ppm: int
    result: HexDigest
    facts: HexDigest
