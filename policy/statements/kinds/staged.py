"""The manifest of a release, before anyone approved it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from policy.base.canonical import HexDigest, Identifier, Model
from policy.base.words import Words
from policy.statements.body import Body, RunId, Seconds
from policy.statements.kind import Phase, Processing


class StagedFile(Model):
    """One sealed file. Its row count is part of the committed facts."""

    recipient: Identifier
    dataset: Identifier
    domain: Identifier
    form: Literal["membership", "private-index"]
    plaintext: HexDigest
    ciphertext: HexDigest


class Staged(Body):
    """By the service: the release manifest, before anyone approved it.

    `withdrawn` names the withdrawals and deltas that removed rows since the run was ordered, in the
    order of the log. Those rows are in no file and in no count. `result` stays the run's.
    """

    TYPE: ClassVar[str] = "padan/stage"
    TITLE: ClassVar[Words] = Words("Rilis ditahapkan", "Release staged")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.RELEASES, 2)
    PROCESSING: ClassVar[Processing] = Processing.ANALYSIS

    release: RunId
    request: HexDigest
    run: HexDigest
    result: HexDigest
    facts: HexDigest
    files: tuple[StagedFile, ...] = Field(min_length=1)
    withdrawn: tuple[HexDigest, ...] = Field(default=(), exclude_if=lambda names: not names)
    expires: Seconds
