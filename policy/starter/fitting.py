"""What fits lists of a given size: the smallest cell, grades, canaries, and the count window."""

from __future__ import annotations

from dataclasses import dataclass

from policy.gates.signable import VERIFIED_PERCENT

USUAL_CELL, LEAST_CELL = 10, 5
# A list is divided into at least the matched and the unmatched. Below this many smallest cells, an
# ordinary overlap would often leave one of them too small.
_CELLS_OF_A_LIST = 20
# Canary rows for a million people, by the size of the shortest list.
_SHARES = ((30_000, 50_000), (300_000, 5_000))
_FEWEST_CANARIES = 500


@dataclass(frozen=True)
class ListFit:
    """What is chosen by the number of people on the shortest list."""

    people: int

    @property
    def minimum_cell(self) -> int:
        return USUAL_CELL if self.people >= _CELLS_OF_A_LIST * USUAL_CELL else LEAST_CELL

    @property
    def grades(self) -> bool:
        """Whether certain matches and those to verify can be told apart in a release."""
        return grades_fit(self.people, self.minimum_cell)

    @property
    def canary_ppm(self) -> int:
        return canary_share(self.people)


def grades_fit(people: int, minimum_cell: int) -> bool:
    """Whether matches to verify of a list fill a cell, if half of its people are matched."""
    return people // 2 * VERIFIED_PERCENT // 100 >= minimum_cell


def canary_share(people: int) -> int:
    """Canary rows for a million people of a list."""
    return next((share for most, share in _SHARES if people <= most), _FEWEST_CANARIES)


def window(people: int) -> tuple[int, int]:
    """The fewest and the most rows of a list of about this many people."""
    return max(1, people // 2), people * 2
