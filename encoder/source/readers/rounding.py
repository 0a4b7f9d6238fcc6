"""Identifiers whose last digit a spreadsheet took, although the cells are text by now.

A spreadsheet keeps fifteen digits of a number and writes 0 for the sixteenth. In a CSV that was
exported from it nothing else tells: but where most numbers of a column end in 0, they were rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

_CELLS_JUDGED = 2_000
_FEWEST = 20
_SHARE = 0.5
_DIGITS = 16


def rounded_columns(
    columns: Mapping[str, Sequence[str]], identifiers: Iterable[str]
) -> frozenset[str]:
    """Those of these columns whose first cells say that they were rounded."""
    return frozenset(name for name in identifiers if _is_rounded(columns[name][:_CELLS_JUDGED]))


def rounded_rows(cells: Sequence[str]) -> list[int]:
    """Positions of the cells of such a column that cannot be trusted."""
    return [at for at, cell in enumerate(cells) if _number(cell).endswith("0")]


def _is_rounded(cells: Sequence[str]) -> bool:
    numbers = [number for cell in cells if (number := _number(cell))]
    ending = sum(number.endswith("0") for number in numbers)
    return len(numbers) >= _FEWEST and ending > _SHARE * len(numbers)


def _number(cell: str) -> str:
    number = "".join(filter(str.isdecimal, cell))
    return number if len(number) == _DIGITS else ""
