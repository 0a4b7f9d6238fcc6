"""Every statement that a project's log can hold, in the order of a project's life.

A statement is a DSSE envelope: the binding says who, where and about what; the
body, one of the models below, says what. Bodies carry no personal data, no
encodings and no exact match counts (those stay behind salted commitments).
Times are Unix seconds as the sender's clock had them; witnesses bound them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, ValidationError

from policy.canonical import HexDigest, Identifier, Model
from policy.charter import Charter
from policy.envelope import Binding, Envelope, parse_envelope
from policy.errors import BadInput
from policy.roster import Roster
from policy.words import Words

Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=4096)]
RunId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Verdict = Literal["released", "refused"]


class Body(Model):
    """Base of the statement bodies; `TYPE` stands in the binding, `at` is Unix seconds."""

    TYPE: ClassVar[str]
    at: int


class RosterBody(Roster):
    TYPE: ClassVar[str] = "padan/roster"


class CharterBody(Charter):
    """A party's signature on the charter; one statement a party."""

    TYPE: ClassVar[str] = "padan/charter"


class EpochOpened(Body):
    """By the service: the HPKE key to which this epoch's bundles are sealed."""

    TYPE: ClassVar[str] = "padan/epoch"
    service_key: Base64


class DatasetCommitment(Model):
    """Fixed before any key exists: Merkle root over the sorted handles, and the count."""

    handle_root: HexDigest
    count: int = Field(ge=1)


class Committed(Body):
    """By a party: its share's commitment, one-epoch key, and all its datasets."""

    TYPE: ClassVar[str] = "padan/commit"
    commitment: HexDigest
    epoch_key: Base64
    datasets: dict[Identifier, DatasetCommitment]


class Revealed(Body):
    """By a party: digests of the seals that carry its share to each peer.

    The seals themselves go through the service's mailbox and are deleted there,
    so that the log holds nothing that a later attack on HPKE could open.
    """

    TYPE: ClassVar[str] = "padan/reveal"
    seals: dict[Identifier, HexDigest]


class Confirmed(Body):
    """By a party: it holds the same keys, rules and profile as its peers."""

    TYPE: ClassVar[str] = "padan/confirm"
    records_mac: HexDigest
    member_mac: HexDigest


TAG_BYTES = 2


class EncodingShape(Model):
    """One encoding as it lies in a row; a tag of `tag_bits`, if any, takes TAG_BYTES."""

    name: Identifier
    bits: int = Field(ge=64, le=65_536, multiple_of=8)
    tag_bits: int = Field(default=0, ge=0, le=16)

    @property
    def tag_bytes(self) -> int:
        return TAG_BYTES if self.tag_bits else 0


class BundleManifest(Body):
    """By a party: what one sealed bundle holds. Binds the seal and every chunk.

    `terms` is the digest of the charter's encoding terms, `rules` that of the normalisation
    rules that the encoder ran.
    """

    TYPE: ClassVar[str] = "padan/bundle"
    dataset: Identifier
    count: int = Field(ge=1)
    handle_root: HexDigest
    terms: HexDigest
    rules: HexDigest
    encodings: tuple[EncodingShape, ...] = Field(min_length=1)
    token_bytes: Literal[0, 16]
    row_bytes: int
    seal: HexDigest
    chunks: int = Field(ge=1)
    chunk_list: HexDigest


class Accepted(Body):
    """By the service: the bundle was opened and is what its manifest says."""

    TYPE: ClassVar[str] = "padan/intake"
    dataset: Identifier
    bundle: HexDigest


class Withdrawn(Body):
    """By a party: rows of its own that may take part in no run from here on.

    People may object after their rows were sent (UU 27/2022 art. 40, 41). `handles` is the
    digest of a document at the service, a JSON list of handles in hex; `count` its length.
    """

    TYPE: ClassVar[str] = "padan/withdraw"
    dataset: Identifier
    handles: HexDigest
    count: int = Field(ge=1)


class RunOrder(Body):
    """By a party: the order to match, with the parameters to be used. Spends budget."""

    TYPE: ClassVar[str] = "padan/order"
    purpose: Identifier
    domains: tuple[Identifier, ...] = Field(min_length=1)
    thresholds_ppm: dict[Identifier, int]
    nik_floor_ppm: int


class RunFinished(Body):
    """By the service: what was executed and what came out, exact facts committed."""

    TYPE: ClassVar[str] = "padan/run"
    order: HexDigest
    bundles: dict[Identifier, HexDigest]
    thresholds_ppm: dict[Identifier, int]
    nik_floor_ppm: int
    result: HexDigest
    facts: HexDigest


class ReleaseRequest(Body):
    """By a party: it asks for the match IDs of a run in some domains. Spends budget."""

    TYPE: ClassVar[str] = "padan/request"
    release: RunId
    domains: tuple[Identifier, ...] = Field(min_length=1)


class StagedFile(Model):
    """One sealed file. Its row count is among the committed facts."""

    recipient: Identifier
    dataset: Identifier
    domain: Identifier
    form: Literal["membership", "private-index"]
    plaintext: HexDigest
    ciphertext: HexDigest


class Staged(Body):
    """By the service: the release manifest, before anyone approved it."""

    TYPE: ClassVar[str] = "padan/stage"
    release: RunId
    request: HexDigest
    run: HexDigest
    result: HexDigest
    facts: HexDigest
    files: tuple[StagedFile, ...] = Field(min_length=1)
    expires: int


class Approval(Body):
    """By an approver or DPO: yes or no to exactly one staged manifest."""

    TYPE: ClassVar[str] = "padan/approval"
    release: RunId
    stage: HexDigest
    facts: HexDigest
    verdict: Literal["approve", "refuse"]
    expires: int


class RuleVerdict(Model):
    rule: str
    passed: bool


class Decided(Body):
    """By the service: the release gate's verdict, rule by rule."""

    TYPE: ClassVar[str] = "padan/decision"
    release: RunId
    stage: HexDigest
    approvals: tuple[HexDigest, ...]
    rules: tuple[RuleVerdict, ...]
    verdict: Verdict


class Received(Body):
    """By a recipient: it opened one released file and looked at its canaries."""

    TYPE: ClassVar[str] = "padan/receipt"
    release: RunId
    decision: HexDigest
    dataset: Identifier
    domain: Identifier
    ciphertext: HexDigest
    plaintext: HexDigest
    canaries: Literal["all-as-expected", "missing", "unexpected", "missing-and-unexpected"]


BODIES: dict[str, type[Body] | type[RosterBody] | type[CharterBody]] = {
    body.TYPE: body
    for body in (
        RosterBody,
        CharterBody,
        EpochOpened,
        Committed,
        Revealed,
        Confirmed,
        BundleManifest,
        Accepted,
        Withdrawn,
        RunOrder,
        RunFinished,
        ReleaseRequest,
        Staged,
        Approval,
        Decided,
        Received,
    )
}

AnyBody = Body | RosterBody | CharterBody


@dataclass(frozen=True)
class Statement:
    """One parsed statement. Its digest names it everywhere else."""

    envelope: Envelope
    binding: Binding
    body: AnyBody

    @property
    def digest(self) -> str:
        return self.envelope.content_digest()

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
