"""Every kind of statement in a project's log, in the order of a project's life.

A statement is a DSSE envelope. The binding says who makes it and what it is about; the body, one of
the models below, has the content. Bodies have no personal data, no encodings and no exact match
counts (those stay behind salted commitments). Times are Unix seconds by the sender's clock;
witnesses bound them.
A review in the field is the exception: its approved counts are rows of the recipient's own list,
none below the smallest cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from pydantic import ValidationError

from policy.base.canonical import sha256
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.crypto.envelope import Binding, Envelope, parse_envelope
from policy.formats.bundle_row import EncodingShape
from policy.statements.body import Base64, Body, RunId, Verdict
from policy.statements.kind import Kind, Phase, Processing
from policy.statements.kinds.accepted import Accepted
from policy.statements.kinds.approval import Approval
from policy.statements.kinds.approval_withdrawn import ApprovalWithdrawn
from policy.statements.kinds.bundle import BundleManifest, CanaryCell, CanaryCounts
from policy.statements.kinds.charter import CharterBody
from policy.statements.kinds.committed import (
    Committed,
    DatasetCommitment,
    ListShape,
    coarse_percent,
)
from policy.statements.kinds.confirmed import Confirmed
from policy.statements.kinds.counted import Counted, pair_name
from policy.statements.kinds.decided import Decided, RuleVerdict
from policy.statements.kinds.delta import Delta
from policy.statements.kinds.destroyed import Destroyed
from policy.statements.kinds.ended import Ended
from policy.statements.kinds.epoch_opened import EpochOpened
from policy.statements.kinds.excepted import Excepted
from policy.statements.kinds.exception_ended import ExceptionEnded
from policy.statements.kinds.handed_over import HandedOver
from policy.statements.kinds.hold import Hold
from policy.statements.kinds.hold_lifted import HoldLifted
from policy.statements.kinds.probed import Probed
from policy.statements.kinds.received import Received
from policy.statements.kinds.release_request import ReleaseRequest
from policy.statements.kinds.rerun import Counts, Rerun, StageCounts
from policy.statements.kinds.revealed import Revealed
from policy.statements.kinds.review_approved import ReviewApproved
from policy.statements.kinds.reviewed import Reviewed, ReviewFigures
from policy.statements.kinds.roster import RosterBody
from policy.statements.kinds.run_finished import RunFinished
from policy.statements.kinds.run_order import RunOrder
from policy.statements.kinds.staged import Staged, StagedFile
from policy.statements.kinds.transfer_received import TransferReceived
from policy.statements.kinds.transfer_request import TransferRequest
from policy.statements.kinds.transfer_sent import TransferSent
from policy.statements.kinds.transfer_vote import TransferVote
from policy.statements.kinds.withdrawn import Withdrawn
from policy.statements.sealed_rows import SealedRows
from policy.statements.things import PartyThing, ServiceThing, Thing

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
    "Kind",
    "ListShape",
    "PartyThing",
    "Phase",
    "Probed",
    "Processing",
    "Received",
    "ReleaseRequest",
    "Rerun",
    "Revealed",
    "ReviewApproved",
    "ReviewFigures",
    "Reviewed",
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
    "TransferReceived",
    "TransferRequest",
    "TransferSent",
    "TransferVote",
    "Verdict",
    "Withdrawn",
    "coarse_percent",
    "pair_name",
    "parse_statement",
]

AnyBody = Body | RosterBody | CharterBody


def _kinds(base: type[Kind]) -> Iterator[type[AnyBody]]:
    """Every subclass of this class that is itself a kind."""
    for each in base.__subclasses__():
        if "TYPE" in vars(each):
            yield cast("type[AnyBody]", each)
        yield from _kinds(each)


# Every kind by its type, in the order of a project's life.
BODIES: dict[str, type[AnyBody]] = {
    kind.TYPE: kind for kind in sorted(_kinds(Kind), key=lambda kind: kind.PLACE)
}

# The kinds by which an approver answers.
ANSWERS = (Approval, ApprovalWithdrawn)
# The kinds that may be signed offline and appended later by another member.
CARRIED = (*ANSWERS, TransferVote, Destroyed)


@dataclass(frozen=True)
class Statement:
    """One parsed statement. Everything else refers to it by its digest."""

    envelope: Envelope
    binding: Binding
    body: AnyBody

    @cached_property
    def digest(self) -> str:
        """The digest that names the statement: SHA-256 of its signed content, in hex."""
        return self.envelope.content_digest()

    @property
    def body_digest(self) -> str:
        """The digest of the body; parsing has checked that these are the canonical bytes."""
        return sha256(self.envelope.body)

    @property
    def sender(self) -> str:
        """The id of the sender."""
        return self.binding.sender

    @property
    def leaf(self) -> bytes:
        """The bytes of the leaf in the Merkle log."""
        return self.envelope.canonical()


def parse_statement(data: bytes) -> Statement:
    """A statement from its leaf bytes; raises BadInput. The signature is not checked yet."""
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
        PolicyCode.STATEMENT_MALFORMED,
        Words("Pernyataan tidak sah bentuknya.", "The statement is not well formed."),
        Words(
            "Pastikan semua pihak memakai versi Padan yang sama.",
            "Make sure all parties use the same version of Padan.",
        ),
    )
