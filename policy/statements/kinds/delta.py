"""A dataset that changed within an epoch: only the difference is sent."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from policy.base.canonical import HexDigest
from policy.base.words import Words
from policy.statements.kind import Phase, Processing
from policy.statements.sealed_rows import SealedRows


class Delta(SealedRows):
    """By a party: a fresh commitment in place of the one that it names.

    `replaces` is the digest of the bundle or delta that stood before. Rows of `added` people
    and of `changed` ones travel; the earlier rows of the changed ones, and those of
    `withdrawn` people, take part in no run from here on. `left` is the digest of a document at
    the service, a JSON list of the handles of those two in hex.
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
        """How many rows that stood before stand no longer."""
        return self.changed + self.withdrawn
