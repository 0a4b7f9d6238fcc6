"""What was ordered and executed, what a second operator was given, and what it found."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from policy.canonical import HexDigest, Identifier, Model
from policy.statements.body import Body

PartyPair = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\+[a-z0-9][a-z0-9-]{0,62}$")
]
Counts = Literal["as-logged", "different", "not-opened"]


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


class HandedOver(Body):
    """By the service: an auditor was given these bundles and deltas, sealed, to repeat runs.

    It stands in the log before the file is written: encodings in a second place are not kept
    from those whose people they are of.
    """

    TYPE: ClassVar[str] = "padan/handed-over"
    to: Identifier
    bundles: tuple[HexDigest, ...]


class StageCounts(Model):
    """What a rerun says of one stage: whether its cells and differences are as committed."""

    stage: HexDigest
    counts: Counts


class Rerun(Body):
    """By an auditor: it repeated a run from the sealed bundles, and came to this.

    `finished` names the service's statement of the run. Exact counts stay closed; this says
    only whether they are those behind the service's commitment. `stages` says the same of what
    each stage of the run would tell its recipients; builds before there were such counts, and
    reruns of a run without a stage, leave it out.
    """

    TYPE: ClassVar[str] = "padan/rerun"
    finished: HexDigest
    result: HexDigest
    counts: Counts
    stages: tuple[StageCounts, ...] = Field(default=(), exclude_if=lambda stages: not stages)

    def contradicts(self, finished: RunFinished, stage: str | None = None) -> bool:
        """Another result or other counts, of the run or of that stage.

        Counts that were not opened say nothing.
        """
        other = any(each.stage == stage and each.counts == "different" for each in self.stages)
        return self.result != finished.result or self.counts == "different" or other

    def confirms(self, finished: RunFinished) -> bool:
        return self.result == finished.result and self.counts == "as-logged"

    def confirms_stage(self, finished: RunFinished, stage: str) -> bool:
        """The run and what this stage would tell, both recomputed and as committed."""
        counted = any(each.stage == stage and each.counts == "as-logged" for each in self.stages)
        return self.confirms(finished) and counted


class Counted(Body):
    """By the service: what two data owners ordered in its other projects within a year.

    `elsewhere` has a number for every two parties of this charter, under "one+other" in
    alphabetical order. Projects are not named: not all parties here take part in them.
    """

    TYPE: ClassVar[str] = "padan/budget"
    order: HexDigest
    elsewhere: dict[PartyPair, int]


def pair_name(one: str, other: str) -> str:
    """How two parties stand in `Counted.elsewhere`, whatever their order."""
    return "+".join(sorted((one, other)))
