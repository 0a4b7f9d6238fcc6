"""From rows of a sheet to blocks of columns, with blank, rounded and uncomputed cells."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from encoder.source.presets.headers import plain
from encoder.source.presets.layouts import synonyms
from encoder.source.readers.rules import BLANK_ROW
from encoder.source.readers.sheet_facts import SheetFacts
from encoder.source.readers.source import Block, lost_digits, text_of

# Days between Excel's two date systems, 1900 and 1904.
_DAYS = 1462
# The text that a sheet shows for a failed formula; the readers give an empty cell.
_FAILED = "#N/A"
_LAST_DAY = 60_000


@dataclass(frozen=True)
class SheetLayout:
    """The positions of the wanted columns, and the facts of the sheet.

    `first` is the line of row 1, from 0. `checked` are wanted columns with identifiers.
    `dates` are wanted columns of dates whose plain numbers count from 1904.
    """

    at: tuple[int, ...]
    checked: tuple[int, ...]
    names: tuple[str, ...]
    facts: SheetFacts
    first: int
    dates: tuple[int, ...] = ()

    @classmethod
    def of(
        cls,
        header: Sequence[str],
        at: Sequence[int],
        wanted: Sequence[str],
        identifiers: frozenset[str],
        facts: SheetFacts,
        first: int,
    ) -> SheetLayout:
        checked = tuple(i for i, column in enumerate(wanted) if column in identifiers)
        return cls(tuple(at), checked, tuple(header[i] for i in at), facts, first)

    def without_places(self) -> SheetLayout:
        """The layout for rows without their positions in the sheet."""
        return replace(self, facts=SheetFacts())

    def counting_from_1904(self) -> SheetLayout:
        born = {plain(name) for name in synonyms().get("dob", ())}
        dates = tuple(i for i, name in enumerate(self.names) if plain(name) in born)
        return replace(self, dates=dates)


def to_last_formula(
    rows: Iterator[list[Any]], first: int, facts: SheetFacts
) -> Iterator[list[Any]]:
    """The rows, and the rows below with only formulas without a value."""
    at = first
    for row in rows:
        at += 1
        yield row
    last = max((lines[-1] for lines in facts.uncomputed.values()), default=-1)
    for _ in range(at, last + 1):
        yield []


def block_of(rows: list[list[Any]], before: int, in_sheet: int, layout: SheetLayout) -> Block:
    """A block; `before` rows came earlier, `in_sheet` of them from this sheet."""
    at = layout.at
    width = max(at, default=0) + 1
    facts, line = layout.facts, layout.first + in_sheet
    waiting = _places(facts.uncomputed, at, line, len(rows))
    filled = {row for row, _ in waiting}
    full = [cells + [""] * (width - len(cells)) for cells in rows]
    for row, column in _places(facts.failed, at, line, len(rows)):
        if full[row][at[column]] == "":
            full[row][at[column]] = _FAILED
    kept = [row for row, cells in enumerate(full) if cells.count("") != len(cells) or row in filled]
    position = {row: i for i, row in enumerate(kept)} if waiting else {}
    blank: list[int] = []
    if len(kept) < len(rows):
        blank = sorted(set(range(len(rows))).difference(kept))
        full = [full[row] for row in kept]
    columns = [[text_of(cells[i]) for cells in full] for i in at]
    for i in layout.dates:
        columns[i] = [_date(cells[at[i]]) for cells in full]
    rounded = [
        (i, column)
        for column in layout.checked
        for i, cells in enumerate(full)
        if lost_digits(cells[at[column]])
    ]
    return Block(
        [before + row + 1 for row in kept],
        columns,
        [(before + row + 1, BLANK_ROW) for row in blank],
        rounded,
        [(position[row], column) for row, column in waiting],
    )


def _places(
    by_position: Mapping[int, Sequence[int]], at: Sequence[int], line: int, rows: int
) -> list[tuple[int, int]]:
    """(row in this batch, wanted column) of the lines listed by column of the sheet."""
    found: list[tuple[int, int]] = []
    for column, position in enumerate(at):
        lines = by_position.get(position)
        if lines:
            start = bisect_left(lines, line)
            found += [
                (each - line, column)
                for each in islice(lines, start, bisect_left(lines, line + rows))
            ]
    return found


def _date(cell: Any) -> str:
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return text_of(cell + _DAYS if number and cell % 1 == 0 and 0 < cell < _LAST_DAY else cell)
