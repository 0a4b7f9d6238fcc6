"""A party's commitment to its key share and its datasets."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from policy.base.canonical import HexDigest, Identifier, Model
from policy.base.words import Words
from policy.statements.body import Base64, Body
from policy.statements.kind import Phase, Processing


class ListShape(Model):
    """What a list looks like from afar, so that its canaries can look like it.

    `canaries` of its rows are canaries. `missing` has the share of its people who lack each field,
    in whole percent and rounded further (`coarse_percent`); 100 where the list has no such field.
    `on_a_card` is how many of its rows share a family card, on average, in tenths; 0 where it has
    no cards.
    """

    canaries: int = Field(ge=1)
    missing: dict[Identifier, Annotated[int, Field(ge=0, le=100)]]
    on_a_card: int = Field(ge=0, le=100)


def coarse_percent(part: int, whole: int) -> int:
    """A share on a coarse scale: whole percents to 3, 5, 7, then steps of five."""
    percent = 100 * part / max(1, whole)
    nearest: int = min(_SCALE, key=lambda step: (abs(step - percent), step))
    return nearest


_SCALE = (0, 1, 2, 3, 5, 7, *range(10, 101, 5))


class DatasetCommitment(Model):
    """Fixed before any key exists: Merkle root over the sorted handles, and the count.

    `shape` is there where the charter asks for canaries like the list.
    """

    handle_root: HexDigest
    count: int = Field(ge=1)
    shape: ListShape | None = Field(default=None, exclude_if=lambda shape: shape is None)


class Committed(Body):
    """By a party: its share's commitment, one-epoch key, and all its datasets."""

    TYPE: ClassVar[str] = "padan/commit"
    TITLE: ClassVar[Words] = Words("Baris dan kunci proyek dikunci", "Rows and key committed to")
    PLACE: ClassVar[tuple[Phase, int]] = (Phase.CEREMONY, 1)
    PROCESSING: ClassVar[Processing] = Processing.COLLECTION

    commitment: HexDigest
    epoch_key: Base64
    datasets: dict[Identifier, DatasetCommitment]
