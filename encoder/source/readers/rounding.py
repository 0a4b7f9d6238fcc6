"""Identifiers whose last digit a spreadsheet lost, although the cells are text by now.

A spreadsheet keeps fifteen digits of a number and writes 0 for the sixteenth. A CSV exported from
it shows no other sign: but if most numbers of a column end in 0, they were rounded.
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
    """The columns among these whose first cells show rounding."""
    return frozenset(name for name in identifiers if _is_rounded(columns[name][:_CELLS_JUDGED]))


def rounded_rows(cells: Sequence[str]) -> list[int]:
    """Positions of the untrustworthy cells in a rounded column."""
    return [at for at, cell in enumerate(cells) if _number(cell).endswith("0")]


def _is_rounded(cells: Sequence[str]) -> bool:
    numbers = [number for cell in cells if (number := _number(cell))]
    ending = sum(number.endswith("0") for number in numbers)
    return len(numbers) >= _FEWEST and ending > _SHARE * len(numbers)


def _number(cell: str) -> str:
    number = "".join(filter(str.isdecimal, cell))
    return number if len(number) == _DIGITS else ""
