"""The end of a run."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest, Identifier
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase, Processing


class RunFinished(Body):
    """By the service: what was executed and with what result; exact facts are only committed to.

    `bundles` are the commitments in force when the run was ordered: bundles or deltas.
    """

    TYPE: ClassVar[str] = "padan/run"
    TITLE: ClassVar[Words] = Words("Pemadanan selesai", "Run finished")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RUNS, 3)
    PROCESSING: ClassVar[Processing] = Processing.ANALYSIS

    order: HexDigest
    bundles: dict[Identifier, HexDigest]
    thresholds_ppm: dict[Identifier, int]
    nik_floor_ppm: int
    result: HexDigest
    facts: HexDigest
