"""The line, and if needed the sheet, of a row in its spreadsheet.

People read these lines, which a spreadsheet shows. Programs and lists of objections count data
rows: the first row below the names of the columns is 1.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from encoder.source.mapping import Mapping
from encoder.source.readers.excel_notes import SHEETS
from encoder.source.readers.source import SourceNote
from policy.base.words import Words, number


@dataclass(frozen=True)
class Lines:
    """`first_line` is the line of row 1 of each sheet; `sheets` has names and first row numbers."""

    first_line: int | None = None
    sheets: tuple[tuple[str, int], ...] = ()

    def of(self, row: int) -> str | int:
        """The line as `12` or `Ciracas!12`; empty if the source has no lines."""
        if self.first_line is None:
            return ""
        if not self.sheets:
            return self.first_line + row - 1
        sheet, first = self.sheets[bisect_right([each for _, each in self.sheets], row) - 1]
        return f"{sheet}!{self.first_line + row - first}"

    def told(self, row: int) -> Words:
        """The line for people; the number of the data row if the source has no lines."""
        line = self.of(row)
        if isinstance(line, int):
            return number(line)
        return Words(line, line) if line else number(row)

    def listed(self, rows: Iterable[int]) -> str:
        """`told` of several rows."""
        return ", ".join(str(self.of(row) or row) for row in rows)


def lines_of(mapping: Mapping, notes: Iterable[SourceNote] = ()) -> Lines:
    """The lines of a source; `notes` are those that reading it gave."""
    several = next((note for note in notes if note.code == SHEETS and note.count > 1), None)
    if several is None:
        return Lines(mapping.first_line())
    # A sheet without rows has the same first row number as the next one.
    firsts = dict(zip(several.rows, several.names, strict=True))
    sheets = tuple((name, row) for row, name in firsts.items())
    return Lines(mapping.header_row + mapping.header_lines, sheets)


def stored_lines(mapping: Mapping, notes: Iterable[SourceNote]) -> dict[str, str]:
    """The values stored with the rows of a source."""
    lines = lines_of(mapping, notes)
    stored = {"first_line": str(lines.first_line or "")}
    return stored | ({"sheets": json.dumps(lines.sheets)} if lines.sheets else {})


def kept_lines(first_line: str, sheets: str) -> Lines:
    """Read stored lines; an older store names no sheets."""
    pairs = json.loads(sheets) if sheets else []
    return Lines(int(first_line) if first_line else None, tuple((n, int(r)) for n, r in pairs))
