"""Excel workbooks (xlsx, xls): every cell as the text that an officer sees.

Rows become Python objects a block at a time, and what a sheet takes beside them is bounded
(`excel_cells`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from encoder.mapping import Mapping
from encoder.readers.bip import flat_rows
from encoder.readers.excel_cells import MOST_CELLS, fits_into_memory, streamed, whole
from encoder.readers.rules import BLANK_ROW
from encoder.readers.source import (
    Block,
    Note,
    batched,
    empty,
    header_of,
    lost_digits,
    positions,
    text_of,
)
from policy.errors import BadInput
from policy.files import missing_file
from policy.words import Words


class Excel:
    """One sheet of a workbook. Beyond so many cells it is read row by row."""

    most_cells = MOST_CELLS

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self.name = str(path)
        self._path = path
        self._mapping = mapping

    def sheets(self) -> list[str]:
        with self._workbook() as workbook:
            return workbook.sheet_names

    def notes(self) -> tuple[Note, ...]:
        return ()

    def first_rows(self, count: int) -> list[list[str]]:
        return [[text_of(cell) for cell in row] for row in islice(self._sheet_rows(), count)]

    def blocks(
        self, wanted: Sequence[str], identifiers: frozenset[str], rows_at_once: int
    ) -> Iterator[Block]:
        rows = self._table()
        header = header_of(list(islice(rows, self._mapping.header_lines)))
        at = positions(self.name, header, wanted)
        checked = [i for i, column in enumerate(wanted) if column in identifiers]
        number = 0
        for batch in batched(rows, rows_at_once):
            yield _block(batch, number, at, checked)
            number += len(batch)

    def _table(self) -> Iterator[list[Any]]:
        if self._mapping.layout == "bip":
            return flat_rows(self._sheet_rows())
        return islice(self._sheet_rows(), self._mapping.header_row - 1, None)

    def _sheet_rows(self) -> Iterator[list[Any]]:
        with self._workbook() as workbook:
            name = self._sheet(workbook)
            if fits_into_memory(self._path, self.most_cells):
                yield from self._some(whole(workbook.get_sheet_by_name(name)))
                return
        try:
            yield from self._some(streamed(self._path, name))
        except (BadZipFile, ParseError, KeyError, ValueError):
            raise self._damaged() from None

    def _some(self, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        first = next(rows, None)
        if first is None:
            raise empty(self.name)
        yield first
        yield from rows

    def _workbook(self) -> CalamineWorkbook:
        try:
            return CalamineWorkbook.from_path(self._path)
        except PasswordError:
            raise self._unreadable(
                Words("buku kerja berkata sandi", "the workbook has a password"),
                Words("Simpan salinan tanpa kata sandi.", "Save a copy without a password."),
            ) from None
        except CalamineError:
            raise self._damaged() from None
        except OSError:
            raise missing_file(self._path) from None

    def _sheet(self, workbook: CalamineWorkbook) -> str:
        names = workbook.sheet_names
        wanted = self._mapping.sheet or (names[0] if names else "")
        if wanted not in names:
            there = ", ".join(names)
            raise self._unreadable(
                Words(f"tidak ada lembar '{wanted}'", f"there is no sheet '{wanted}'"),
                Words(f"Lembar yang ada: {there}.", f"The sheets are: {there}."),
            )
        return wanted

    def _damaged(self) -> BadInput:
        return self._unreadable(
            Words("bukan buku kerja Excel yang utuh", "not a whole Excel workbook"),
            Words("Simpan ulang sebagai xlsx atau CSV.", "Save it again as xlsx or CSV."),
        )

    def _unreadable(self, what: Words, remedy: Words) -> BadInput:
        problem = Words(f"{self.name}: {what.id}.", f"{self.name}: {what.en}.")
        return BadInput("file.excel", problem, remedy)


def _block(rows: list[list[Any]], before: int, at: list[int], checked: list[int]) -> Block:
    width = max(at, default=0) + 1
    full = (cells + [""] * (width - len(cells)) for cells in rows)
    numbered = enumerate(full, before + 1)
    whole = [(number, cells) for number, cells in numbered if cells.count("") != len(cells)]
    kept = {number for number, _ in whole}
    blank = range(before + 1, before + len(rows) + 1)
    refused = [(number, BLANK_ROW) for number in blank if number not in kept]
    columns = [[text_of(cells[i]) for _, cells in whole] for i in at]
    rounded = [
        (row, column)
        for column in checked
        for row, (_, cells) in enumerate(whole)
        if lost_digits(cells[at[column]])
    ]
    return Block([number for number, _ in whole], columns, refused, rounded)
