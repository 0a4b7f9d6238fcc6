"""The values of a status column, for the choice of people to leave out: deceased, moved away.

Such words are no personal data. Other columns are: a column is shown only if it has few
values, they repeat, and none of them is long or has as many digits as a date.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from encoder.normalise.text import text
from encoder.source.mapping import Mapping, StatusColumn
from encoder.source.readers import open_source

MOST_VALUES = 20
# Enough to see every word that a list uses; all rows are looked at when they are prepared.
MOST_ROWS = 500_000
_ROWS_AT_ONCE = 10_000
_LONGEST = 40
_DIGITS_OF_A_DATE = 6


@dataclass(frozen=True)
class StatusValue:
    """One value as the file writes it, on how many rows, and whether it keeps a row out."""

    value: str
    rows: int
    left_out: bool


@dataclass(frozen=True)
class StatusValues:
    """The values of one column. None of them are told where the column cannot be shown."""

    column: str
    values: tuple[StatusValue, ...] | None
    rows: int
    whole_file: bool

    def marked(self, status: StatusColumn | None) -> StatusValues:
        """The values, with those that a mapping leaves out, even if this file lacks them."""
        if self.values is None or status is None or status.column != self.column:
            return self
        there = [each.value for each in self.values]
        gone = set(status.keeps_out(there))
        found = [
            StatusValue(each.value, each.rows, at in gone) for at, each in enumerate(self.values)
        ]
        for value in status.leave_out:
            if not StatusColumn(column=self.column, leave_out=(value,)).keeps_out(there):
                found.append(StatusValue(value, 0, left_out=True))
        return StatusValues(self.column, tuple(found), self.rows, self.whole_file)


def status_values(path: Path, mapping: Mapping, column: str) -> StatusValues:
    """Count a column's values; raises BadInput if the file has no such column."""
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    rows = 0
    source = open_source(path, mapping)
    for block in source.blocks((column,), frozenset(), _ROWS_AT_ONCE):
        rows += len(block.numbers)
        for cell, times in Counter(block.columns[0]).items():
            counts[text(cell)] += times
            written.setdefault(text(cell), cell.strip())
        if len(counts) > MOST_VALUES + 1:
            return StatusValues(column, None, rows, whole_file=False)
        if rows >= MOST_ROWS:
            break
    filled = [(each, count) for each, count in counts.most_common() if each]
    if not _can_be_shown(filled):
        return StatusValues(column, None, rows, whole_file=rows < MOST_ROWS)
    values = (StatusValue(written[each], count, left_out=False) for each, count in filled)
    return StatusValues(column, tuple(values), rows, whole_file=rows < MOST_ROWS)


def _can_be_shown(counts: list[tuple[str, int]]) -> bool:
    few = len(counts) <= MOST_VALUES
    repeat = not counts or counts[0][1] > 1
    short = all(len(each) <= _LONGEST for each, _ in counts)
    numbers = any(sum(map(str.isdecimal, each)) >= _DIGITS_OF_A_DATE for each, _ in counts)
    return few and repeat and short and not numbers
