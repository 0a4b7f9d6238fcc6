"""An approval that its approver takes back."""

from __future__ import annotations

from typing import ClassVar

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.body import Body, RunId
from policy.statements.kind import Phase


class ApprovalWithdrawn(Body):
    """By whoever approved, before the decision: that yes does not count any more.

    A no stands: what would lift it is a new request, which everybody looks at again.
    """

    TYPE: ClassVar[str] = "padan/approval-withdrawn"
    TITLE: ClassVar[Words] = Words("Persetujuan ditarik", "Approval withdrawn")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 4)

    release: RunId
    approval: HexDigest
