"""A dataset that changed within an epoch: only the difference is sent."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.kind import Phase, Processing
from policy.statements.sealed_rows import SealedRows


class Delta(SealedRows):
    """By a party: a new commitment that replaces the named one.

    `replaces` is the digest of the previous bundle or delta. The rows of `added` people and of
    `changed` people are sent. The earlier rows of changed people, and the rows of `withdrawn`
    people, take part in no later run. `left` is the digest of a document at the service: a JSON
    list of the handles of these rows in hex.
    """

    TYPE: ClassVar[str] = "padan/delta"
    TITLE: ClassVar[Words] = Words("Perubahan baris dikirim", "Changes of rows sent")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.DATASETS, 3)
    PROCESSING: ClassVar[Processing] = Processing.TRANSFER
    SEAL_TYPE: ClassVar[str] = "padan/delta-key"

    replaces: HexDigest
    added: int = Field(ge=0)
    changed: int = Field(ge=0)
    withdrawn: int = Field(ge=0)
    left: HexDigest

    @property
    def sent(self) -> int:
        return self.added + self.changed

    @property
    def gone(self) -> int:
        """How many previously current rows are gone."""
        return self.changed + self.withdrawn
