"""The bundle of a whole dataset."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from policy.base.canonical import Identifier, Model
from policy.base.words import Words
from policy.statements.kind import Phase, Processing
from policy.statements.sealed_rows import SealedRows


class CanaryCell(Model):
    """So many canaries of which a recipient sees the same.

    `seen` has the ID domains in which it sees anything of them: "" that they are matched, and
    which other lists of its own carry the same ID.
    """

    seen: dict[Identifier, tuple[str, ...]] = Field(min_length=1)
    rows: int = Field(ge=1)


class CanaryCounts(Model):
    """What an honest run makes of a dataset's canaries, in counts, so that others can be exact.

    `matched` of its canaries are in a group of each ID domain that holds the dataset, and
    `groups` of that domain's groups are canaries; `verify` of the matched ones lie in groups
    that people are to verify. `cells` part those of which a recipient sees
    anything; of the others it sees nothing.
    """

    matched: dict[Identifier, Annotated[int, Field(ge=0)]]
    verify: dict[Identifier, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict, exclude_if=lambda counts: not counts
    )
    groups: dict[Identifier, Annotated[int, Field(ge=0)]]
    cells: tuple[CanaryCell, ...] = ()


class BundleManifest(SealedRows):
    """By a party: what the sealed bundle of a whole dataset holds.

    `canaries` is there where the charter asks for canaries like the list.
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
