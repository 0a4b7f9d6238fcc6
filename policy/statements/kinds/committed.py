"""A party's commitment to its key share and its datasets."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from policy.base.canonical import HexDigest, Identifier, Model
from policy.base.words import Words
from policy.statements.body import Base64, Body
from policy.statements.kind import Phase, Processing


class ListShape(Model):
    """A rough description of a list, so that its canaries can resemble it.

    `canaries` is how many of its rows are canaries. `missing` is the share of its people who lack
    each field, in whole percent and rounded further (`coarse_percent`); 100 if the list has no such
    field. `on_a_card` is the average number of its rows on one family card, in tenths; 0 if it has
    no cards.
    """

    canaries: int = Field(ge=1)
    missing: dict[Identifier, Annotated[int, Field(ge=0, le=100)]]
    on_a_card: int = Field(ge=0, le=100)


def coarse_percent(part: int, whole: int) -> int:
    """A share in coarse steps: whole percents up to 3, then 5, 7, then steps of five."""
    percent = 100 * part / max(1, whole)
    nearest: int = min(_SCALE, key=lambda step: (abs(step - percent), step))
    return nearest


_SCALE = (0, 1, 2, 3, 5, 7, *range(10, 101, 5))


class DatasetCommitment(Model):
    """Fixed before any key exists: the Merkle root over the sorted handles, and the row count.

    `shape` is present if the charter asks for canaries like the list.
    """

    handle_root: HexDigest
    count: int = Field(ge=1)
    shape: ListShape | None = Field(default=None, exclude_if=lambda shape: shape is None)


class Committed(Body):
    """By a party: the commitment to its share, its one-epoch key, and all its datasets."""

    TYPE: ClassVar[str] = "padan/commit"
    TITLE: ClassVar[Words] = Words("Baris dan kunci dikomitmenkan", "Rows and key committed to")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.CEREMONY, 1)
    PROCESSING: ClassVar[Processing] = Processing.COLLECTION

    commitment: HexDigest
    epoch_key: Base64
    datasets: dict[Identifier, DatasetCommitment]
