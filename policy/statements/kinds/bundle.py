"""The bundle of a whole dataset."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from policy.base.canonical import Identifier, Model
from policy.base.words import Words
from policy.statements.kind import Phase, Processing
from policy.statements.sealed_rows import SealedRows


class CanaryCell(Model):
    """The number of canaries that look the same to a recipient.

    `seen` has the ID domains in which the recipient sees something of them: "" if they matched,
    followed by its other lists that carry the same ID.
    """

    seen: dict[Identifier, tuple[str, ...]] = Field(min_length=1)
    rows: int = Field(ge=1)


class CanaryCounts(Model):
    """What an honest run makes of a dataset's canaries, so that others' counts can be exact.

    By ID domain that holds the dataset: `matched` counts its canaries that are in a group, `groups`
    the groups that consist of canaries, and `verify` the matched canaries in groups that people are
    to verify. `cells` divides the canaries by what a recipient sees; canaries of which it sees
    nothing are left out.
    """

    matched: dict[Identifier, Annotated[int, Field(ge=0)]]
    verify: dict[Identifier, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict, exclude_if=lambda counts: not counts
    )
    groups: dict[Identifier, Annotated[int, Field(ge=0)]]
    cells: tuple[CanaryCell, ...] = ()


class BundleManifest(SealedRows):
    """By a party: what the sealed bundle of a whole dataset holds.

    `canaries` is present if the charter asks for canaries like the list.
    """

    TYPE: ClassVar[str] = "padan/bundle"
    TITLE: ClassVar[Words] = Words("Sandi dikirim ke layanan", "Encodings sent to the service")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.DATASETS, 1)
    PROCESSING: ClassVar[Processing] = Processing.TRANSFER
    SEAL_TYPE: ClassVar[str] = "padan/bundle-key"

    canaries: CanaryCounts | None = Field(default=None, exclude_if=lambda counts: counts is None)

    @property
    def sent(self) -> int:
        return self.count
