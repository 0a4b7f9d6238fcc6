"""The withdrawal of an approval by its approver."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body, RunId
from policy.statements.kind import Phase


class ApprovalWithdrawn(Body):
    """By the approver, before the decision: the approver's yes does not count any more.

    A no cannot be withdrawn. Only a new request, which everybody looks at again, gets past it.
    """

    TYPE: ClassVar[str] = "padan/approval-withdrawn"
    TITLE: ClassVar[Words] = Words("Persetujuan ditarik", "Approval withdrawn")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 4)

    release: RunId
    approval: HexDigest
