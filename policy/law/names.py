"""Checks a statement's binding: which run, release or transfer it is about, and its addressee."""

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
    ReviewApproved,
    Reviewed,
    RunFinished,
    RunOrder,
    Staged,
    TransferReceived,
    TransferRequest,
    TransferSent,
    TransferVote,
)

_OF_A_RUN = (RunOrder, Counted, RunFinished, Rerun, ReleaseRequest)
_OF_A_RELEASE = (Staged, Approval, ApprovalWithdrawn, Decided, Received, ReviewApproved, Reviewed)
_OF_A_TRANSFER = (TransferRequest, TransferVote, TransferSent, TransferReceived)


def require_names(step: Step) -> None:
    """Checks that a statement in the log has no addressee and names its run or release."""
    binding, body = step.statement.binding, step.statement.body
    if isinstance(body, _OF_A_RELEASE):
        named = binding.run == body.release
    elif isinstance(body, _OF_A_TRANSFER):
        named = binding.run == body.transfer
    else:
        # The step itself checks which run is named.
        named = isinstance(body, _OF_A_RUN) or not binding.run
    if binding.recipient or not named:
        raise refused(
            PolicyCode.PROJECT_BINDING,
            "Pernyataan ini menyebut pemadanan, rilis, atau penerima lain daripada isinya.",
            "This statement names another run, release or recipient than its body.",
        )
