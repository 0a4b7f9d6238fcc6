"""Which statements each law knows, and which function judges each.

A log is always judged by the law that its charter names. So a step that a later law judges
differently is another function, and the table of an earlier law never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from policy.charter import LawId
from policy.law import (
    agreement,
    bounds,
    ceremony,
    datasets,
    deltas,
    names,
    privacy,
    releases,
    retention,
    reviews,
    runs,
    texts,
    transfers,
)
from policy.law.step import Step
from policy.statements import (
    Accepted,
    AnyBody,
    Approval,
    ApprovalWithdrawn,
    BundleManifest,
    CharterBody,
    Committed,
    Confirmed,
    Counted,
    Decided,
    Delta,
    Destroyed,
    Ended,
    EpochOpened,
    Excepted,
    ExceptionEnded,
    HandedOver,
    Hold,
    HoldLifted,
    Probed,
    Received,
    ReleaseRequest,
    Rerun,
    Revealed,
    ReviewApproved,
    Reviewed,
    RosterBody,
    RunFinished,
    RunOrder,
    Staged,
    TransferReceived,
    TransferRequest,
    TransferSent,
    TransferVote,
    Withdrawn,
)

Steps = Mapping[type[AnyBody], Callable[[Step, Any], None]]

_FIRST: Steps = {
    RosterBody: agreement.roster,
    CharterBody: agreement.charter,
    EpochOpened: agreement.epoch,
    Probed: privacy.probe,
    Excepted: privacy.exception,
    Committed: ceremony.commit,
    Revealed: ceremony.reveal,
    Confirmed: ceremony.confirm,
    BundleManifest: datasets.bundle,
    Accepted: datasets.intake,
    Delta: deltas.delta,
    Withdrawn: datasets.withdraw,
    RunOrder: runs.order,
    Counted: runs.count,
    RunFinished: runs.run,
    HandedOver: runs.handed_over,
    Rerun: runs.rerun,
    ReleaseRequest: releases.request,
    Staged: releases.stage,
    Approval: releases.approval,
    ApprovalWithdrawn: releases.approval_withdrawn,
    Decided: releases.decision,
    Received: releases.receipt,
    Destroyed: retention.destroyed,
    Hold: retention.hold,
    HoldLifted: retention.lifted,
}

_SECOND: Steps = {
    **_FIRST,
    RosterBody: agreement.succession,
    Excepted: privacy.exception_for_a_year,
    ExceptionEnded: privacy.exception_ended,
    Approval: releases.approval_by_persons,
    CharterBody: agreement.charter_among_others,
    Ended: agreement.end,
    Probed: privacy.probe_of_each,
    ReleaseRequest: releases.request_of_share,
    Decided: releases.decision_by_rules,
    Rerun: runs.rerun_with_stages,
    Staged: releases.stage_of_changed_rows,
    Received: releases.receipt_in_time,
    Destroyed: retention.destroyed_when_witnessed,
}

STEPS: Mapping[LawId, Steps] = {
    "padan-law-1": _FIRST,
    "padan-law-2": _SECOND,
    "padan-law-3": {
        **_SECOND,
        ReviewApproved: reviews.review_approved,
        Reviewed: reviews.reviewed,
        TransferRequest: transfers.request,
        TransferVote: transfers.vote,
        TransferSent: transfers.sent,
        TransferReceived: transfers.receipt,
    },
}

# Conditions for every statement, before those of its own step.
_OF_EVERY = (
    agreement.require_not_ended,
    bounds.require_room,
    names.require_names,
    texts.require_no_person,
)
EVERY: Mapping[LawId, tuple[Callable[[Step], None], ...]] = {
    "padan-law-1": (),
    "padan-law-2": _OF_EVERY,
    "padan-law-3": _OF_EVERY,
}
