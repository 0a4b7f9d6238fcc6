"""An auditor's result of repeating a run."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from policy.base.canonical import HexDigest, Model
from policy.base.words import Words
from policy.statements.body import Body
from policy.statements.kind import Phase, Processing
from policy.statements.kinds.run_finished import RunFinished

Counts = Literal["as-logged", "different", "not-opened"]


class StageCounts(Model):
    """A rerun's verdict on one stage: whether its cells and differences match the commitment."""

    stage: HexDigest
    counts: Counts


class Rerun(Body):
    """By an auditor: it repeated a run from the sealed bundles, with this result.

    `finished` names the service's statement on the run. Exact counts stay closed; the rerun only
    says whether they match the service's commitment. `stages` says the same of the counts behind
    each stage of the run. Earlier builds, and reruns of a run without a stage, leave it out.
    """

    TYPE: ClassVar[str] = "padan/rerun"
    TITLE: ClassVar[Words] = Words("Pemadanan diulang auditor", "Run repeated by an auditor")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RUNS, 5)
    PROCESSING: ClassVar[Processing] = Processing.ANALYSIS

    finished: HexDigest
    result: HexDigest
    counts: Counts
    stages: tuple[StageCounts, ...] = Field(default=(), exclude_if=lambda stages: not stages)

    def contradicts(self, finished: RunFinished, stage: str | None = None) -> bool:
        """Whether the rerun found another result or other counts, of the run or of that stage.

        Counts that were not opened contradict nothing.
        """
        other = any(each.stage == stage and each.counts == "different" for each in self.stages)
        return self.result != finished.result or self.counts == "different" or other

    def confirms(self, finished: RunFinished) -> bool:
        return self.result == finished.result and self.counts == "as-logged"

    def confirms_stage(self, finished: RunFinished, stage: str) -> bool:
        """Whether it recomputed the run and this stage's counts and found both as committed."""
        counted = any(each.stage == stage and each.counts == "as-logged" for each in self.stages)
        return self.confirms(finished) and counted
