"""Rows as the rules see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Truth(IntEnum):
    """Kleene's logic: `and` is the least of its parts, `or` the greatest, `not` the opposite."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    def opposite(self) -> Truth:
        return Truth(2 - self)


class Caution(StrEnum):
    """Why a row must not be decided by its cells alone."""

    DECEASED = "deceased"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row of a table.

    `person` is equal for rows of one person; `household` is the key of the family card, or empty.
    `cells` are in the order of the programme's columns, `confirmed` in that of its used sources.
    `present`: whether the row receives this aid now.
    """

    number: int
    person: str = field(repr=False)
    household: str = field(default="", repr=False)
    cells: tuple[str, ...] = field(default=(), repr=False)
    confirmed: tuple[Truth, ...] = ()
    cautions: tuple[Caution, ...] = ()
    present: Truth = Truth.NO
