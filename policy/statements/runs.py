"""What was ordered, what was executed, and what a second operator found."""

from __future__ import annotations

from typing import ClassVar, Literal

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


class Rerun(Body):
    """By an auditor: it repeated a run from the sealed bundles, and came to this.

    `finished` names the service's statement of the run. Exact counts stay closed; this says
    only whether they are those behind the service's commitment.
    """

    TYPE: ClassVar[str] = "padan/rerun"
    finished: HexDigest
    result: HexDigest
    counts: Literal["as-logged", "different", "not-opened"]

    def confirms(self, finished: RunFinished) -> bool:
        return self.result == finished.result and self.counts == "as-logged"
