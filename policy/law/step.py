"""A statement that is about to enter a log: the input of the law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy.members.roster import Member
from policy.project import Project
from policy.statements import Statement
from policy.witnessing.cosigned import CosignedSize
from policy.witnessing.witness_times import Witnessed


@dataclass(frozen=True)
class Step:
    """The log so far, a statement with valid signature and binding, and its sender."""

    project: Project
    sender: Member
    statement: Statement
    all_cosigned: Sequence[CosignedSize]

    @property
    def cosigned(self) -> list[CosignedSize]:
        """The checkpoints that are no larger than the log before this step."""
        return [each for each in self.all_cosigned if each.size <= self.project.size]

    @property
    def witnessed(self) -> Witnessed:
        """When the charter's witnesses saw the log up to this step."""
        return Witnessed.of(self.project, self.cosigned)

    @property
    def run(self) -> str:
        """The run or release that the statement's binding names."""
        return self.statement.binding.run
