"""The line, and if needed the sheet, of a row in its spreadsheet."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from encoder.source.mapping import Mapping
from encoder.source.readers.excel_notes import SHEETS
from encoder.source.readers.source import SourceNote
from policy.base.words import Words


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

    def words(self) -> Words | None:
        at = self.first_line
        if at is None:
            return None
        if not self.sheets:
            return Words(
                f"Baris 1 ada di baris {at} lembar kerja: tambahkan {at - 1}.",
                f"Row 1 is on line {at} of the spreadsheet: add {at - 1}.",
            )
        ind = ", ".join(f"{name} dari baris {first}" for name, first in self.sheets)
        eng = ", ".join(f"{name} from row {first}" for name, first in self.sheets)
        return Words(
            f"Baris pertama tiap lembar ada di baris {at} lembar itu: {ind}.",
            f"The first row of each sheet is on its line {at}: {eng}.",
        )


def stored_lines(mapping: Mapping, notes: Iterable[SourceNote]) -> dict[str, str]:
    """The values stored with the rows of a source."""
    several = next((note for note in notes if note.code == SHEETS and note.count > 1), None)
    if several is None:
        return {"first_line": str(mapping.first_line() or "")}
    # A sheet without rows has the same first row number as the next one.
    firsts = dict(zip(several.rows, several.names, strict=True))
    return {
        "first_line": str(mapping.header_row + mapping.header_lines),
        "sheets": json.dumps([[name, row] for row, name in firsts.items()]),
    }


def kept_lines(first_line: str, sheets: str) -> Lines:
    """Read stored lines; an older store names no sheets."""
    pairs = json.loads(sheets) if sheets else []
    return Lines(int(first_line) if first_line else None, tuple((n, int(r)) for n, r in pairs))
