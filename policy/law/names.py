"""What a statement's binding says beside its body: of which run or release it is, and to whom."""

from __future__ import annotations

from policy.base.error_codes import PolicyCode
from policy.law.step import Step
from policy.project import refused
from policy.statements import (
    Approval,
    ApprovalWithdrawn,
    Counted,
    Decided,
    Received,
    ReleaseRequest,
    Rerun,
    RunFinished,
    RunOrder,
    Staged,
)

_OF_A_RUN = (RunOrder, Counted, RunFinished, Rerun, ReleaseRequest)
_OF_A_RELEASE = (Staged, Approval, ApprovalWithdrawn, Decided, Received)


def require_names(step: Step) -> None:
    """A statement of the log is to nobody, and names the run or release that it is about."""
    binding, body = step.statement.binding, step.statement.body
    if isinstance(body, _OF_A_RELEASE):
        named = binding.run == body.release
    else:
        # That of a run is named, and which one, the step itself asks.
        named = isinstance(body, _OF_A_RUN) or not binding.run
    if binding.recipient or not named:
        raise refused(
            PolicyCode.PROJECT_BINDING,
            "Pernyataan ini menyebut pemadanan, rilis, atau penerima lain daripada isinya.",
            "This statement names another run, release or recipient than its body.",
        )
