"""The decision on a release."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest, Model
from policy.base.words import Words
from policy.statements.body import Body, RunId, Verdict
from policy.statements.kind import Phase, Processing


class RuleVerdict(Model):
    """Whether one rule passed."""

    rule: str
    passed: bool


class Decided(Body):
    """By the service: the release gate's verdict, with the result of each rule."""

    TYPE: ClassVar[str] = "padan/decision"
    TITLE: ClassVar[Words] = Words("Rilis diputuskan", "Release decided")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 5)
    PROCESSING: ClassVar[Processing] = Processing.DISCLOSURE

    release: RunId
    stage: HexDigest
    approvals: tuple[HexDigest, ...]
    rules: tuple[RuleVerdict, ...]
    verdict: Verdict

    @property
    def is_released(self) -> bool:
        return self.verdict == "released"

    @property
    def outcome(self) -> Words:
        if self.is_released:
            return Words("Rilis diputuskan: dirilis", "Release decided: released")
        return Words("Rilis diputuskan: ditolak", "Release decided: refused")
