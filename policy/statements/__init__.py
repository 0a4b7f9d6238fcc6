"""Every statement that a project's log can hold, in the order of a project's life.

A statement is a DSSE envelope: the binding says who, where and about what; the
body, one of the models below, says what. Bodies carry no personal data, no
encodings and no exact match counts (those stay behind salted commitments).
Times are Unix seconds as the sender's clock had them; witnesses bound them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from policy.canonical import sha256
from policy.envelope import Binding, Envelope, parse_envelope
from policy.errors import BadInput
from policy.formats.bundle_row import EncodingShape
from policy.statements.agreement import CharterBody, Ended, EpochOpened, RosterBody
from policy.statements.body import Base64, Body, RunId, Verdict
from policy.statements.ceremony import (
    Committed,
    Confirmed,
    DatasetCommitment,
    ListShape,
    Revealed,
    coarse_percent,
)
from policy.statements.datasets import (
    Accepted,
    BundleManifest,
    CanaryCell,
    CanaryCounts,
    SealedRows,
    Withdrawn,
)
from policy.statements.deltas import Delta
from policy.statements.privacy import Excepted, ExceptionEnded, Probed
from policy.statements.releases import (
    ANSWERS,
    Approval,
    ApprovalWithdrawn,
    Decided,
    Received,
    ReleaseRequest,
    RuleVerdict,
    Staged,
    StagedFile,
)
from policy.statements.retention import (
    Destroyed,
    Hold,
    HoldLifted,
    PartyThing,
    ServiceThing,
    Thing,
)
from policy.statements.runs import (
    Counted,
    Counts,
    HandedOver,
    Rerun,
    RunFinished,
    RunOrder,
    StageCounts,
    pair_name,
)
from policy.words import Words

__all__ = [
    "ANSWERS",
    "BODIES",
    "CARRIED",
    "Accepted",
    "AnyBody",
    "Approval",
    "ApprovalWithdrawn",
    "Base64",
    "Body",
    "BundleManifest",
    "CanaryCell",
    "CanaryCounts",
    "CharterBody",
    "Committed",
    "Confirmed",
    "Counted",
    "Counts",
    "DatasetCommitment",
    "Decided",
    "Delta",
    "Destroyed",
    "EncodingShape",
    "Ended",
    "EpochOpened",
    "Excepted",
    "ExceptionEnded",
    "HandedOver",
    "Hold",
    "HoldLifted",
    "ListShape",
    "PartyThing",
    "Probed",
    "Received",
    "ReleaseRequest",
    "Rerun",
    "Revealed",
    "RosterBody",
    "RuleVerdict",
    "RunFinished",
    "RunId",
    "RunOrder",
    "SealedRows",
    "ServiceThing",
    "StageCounts",
    "Staged",
    "StagedFile",
    "Statement",
    "Thing",
    "Verdict",
    "Withdrawn",
    "coarse_percent",
    "pair_name",
    "parse_statement",
]

BODIES: dict[str, type[Body] | type[RosterBody] | type[CharterBody]] = {
    body.TYPE: body
    for body in (
        RosterBody,
        CharterBody,
        EpochOpened,
        Ended,
        Probed,
        Excepted,
        ExceptionEnded,
        Committed,
        Revealed,
        Confirmed,
        BundleManifest,
        Accepted,
        Delta,
        Withdrawn,
        RunOrder,
        Counted,
        RunFinished,
        HandedOver,
        Rerun,
        ReleaseRequest,
        Staged,
        Approval,
        ApprovalWithdrawn,
        Decided,
        Received,
        Destroyed,
        Hold,
        HoldLifted,
    )
}

# What may be signed where there is no network, and appended later than that, by another's hand.
CARRIED = (*ANSWERS, Destroyed)

AnyBody = Body | RosterBody | CharterBody


@dataclass(frozen=True)
class Statement:
    """One parsed statement. Its digest names it everywhere else."""

    envelope: Envelope
    binding: Binding
    body: AnyBody

    @cached_property
    def digest(self) -> str:
        return self.envelope.content_digest()

    @property
    def body_digest(self) -> str:
        """What `body.digest()` gives: parsing has seen that these are the canonical bytes."""
        return sha256(self.envelope.body)

    @property
    def sender(self) -> str:
        return self.binding.sender

    @property
    def leaf(self) -> bytes:
        """The bytes that the Merkle log holds."""
        return self.envelope.canonical()


def parse_statement(data: bytes) -> Statement:
    """A statement from its leaf bytes, signature not yet checked; raises BadInput."""
    envelope = parse_envelope(data)
    binding = envelope.binding()
    model = BODIES.get(binding.type)
    if model is None:
        raise _malformed()
    try:
        body = model.model_validate_json(envelope.body)
    except ValidationError:
        raise _malformed() from None
    if body.canonical() != envelope.body:
        raise _malformed()
    return Statement(envelope, binding, body)


def _malformed() -> BadInput:
    return BadInput(
        "statement.malformed",
        Words("Pernyataan tidak sah bentuknya.", "The statement is not well formed."),
        Words(
            "Pastikan semua pihak memakai versi Padan yang sama.",
            "Make sure all parties use the same version of Padan.",
        ),
    )
