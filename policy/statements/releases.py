"""From the request of a release to its receipts."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from policy.canonical import HexDigest, Identifier, Model
from policy.statements.body import Body, RunId, Seconds, Verdict


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
    """By the service: the release manifest, before anyone approved it.

    `withdrawn` names what took rows away since the run was ordered, withdrawals and deltas, in
    the order of the log: those rows are in no file and in no count. `result` stays the run's.
    """

    TYPE: ClassVar[str] = "padan/stage"
    release: RunId
    request: HexDigest
    run: HexDigest
    result: HexDigest
    facts: HexDigest
    files: tuple[StagedFile, ...] = Field(min_length=1)
    withdrawn: tuple[HexDigest, ...] = Field(default=(), exclude_if=lambda names: not names)
    expires: Seconds


class Approval(Body):
    """By an approver or DPO: yes or no to exactly one staged manifest."""

    TYPE: ClassVar[str] = "padan/approval"
    release: RunId
    stage: HexDigest
    facts: HexDigest
    verdict: Literal["approve", "refuse"]
    expires: Seconds


class ApprovalWithdrawn(Body):
    """By whoever approved, before the decision: that yes does not count any more.

    A no stands: what would lift it is a new request, which everybody looks at again.
    """

    TYPE: ClassVar[str] = "padan/approval-withdrawn"
    release: RunId
    approval: HexDigest


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
    """By a recipient: what it was handed for one released file, and how its canaries fared.

    Digests other than the staged ones say that another file was handed out; nobody looks for
    canaries in such a file.
    """

    TYPE: ClassVar[str] = "padan/receipt"
    release: RunId
    decision: HexDigest
    dataset: Identifier
    domain: Identifier
    ciphertext: HexDigest
    plaintext: HexDigest
    canaries: Literal[
        "all-as-expected", "missing", "unexpected", "missing-and-unexpected", "not-looked-at"
    ]


# What an approver answers.
ANSWERS = (Approval, ApprovalWithdrawn)
