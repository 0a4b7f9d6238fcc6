"""What every file of counts of people of one list says: which list, which release, which floor.

The file names its smallest cell, so that a reader can check it without the charter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import Field

from policy.base.canonical import HexDigest, Identifier, Model
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter.words import Bilingual
from policy.gates.pooling import CellFloor

MOST_AREAS = 100_000


class CountedArea(Model):
    """One kecamatan, or one kelurahan of it.

    With `pooled`, these are the areas with small counts, in one sum: how many areas they are.
    """

    district: str = Field(max_length=120)
    area: str = Field(default="", max_length=120)
    pooled: int = Field(default=0, ge=0)


class ListCounts(Model):
    """Counts of people of `dataset`, by one release."""

    project: Identifier
    epoch: int = Field(ge=1)
    release: Identifier
    stage: HexDigest
    dataset: Identifier
    owner: Identifier
    title: Bilingual
    minimum_cell: int = Field(ge=5)
    empty_cell_allowed: bool
    counted_on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    people: int = Field(ge=0)

    @property
    def floor(self) -> CellFloor:
        """The smallest cell that the file names."""
        return CellFloor(self.minimum_cell, self.empty_cell_allowed)


_Area = TypeVar("_Area", bound=CountedArea)


def inside(district: CountedArea, areas: Sequence[_Area]) -> list[_Area]:
    """The kelurahan of a kecamatan that is shown by its name."""
    if district.pooled:
        return []
    return [each for each in areas if each.district == district.district]


def all_inside(areas: Sequence[CountedArea], districts: Sequence[CountedArea]) -> bool:
    """Whether every kelurahan is of a kecamatan that is shown by its name."""
    named = {each.district for each in districts if not each.pooled}
    return all(each.district in named for each in areas)


def unprotected() -> BadInput:
    """The error for a file with a small count, or with counts that do not add up."""
    return BadInput(
        PolicyCode.COVERAGE_UNPROTECTED,
        Words(
            "Berkas ini memuat hitungan yang terlalu kecil, atau hitungan yang tidak cocok"
            " jumlahnya.",
            "This file has a count that is too small, or counts that do not add up.",
        ),
        Words(
            "Jangan disebarkan. Minta instansinya menulisnya lagi dengan 'padan-encoder coverage'.",
            "Do not pass it on. Ask its agency to write it again with 'padan-encoder coverage'.",
        ),
    )
