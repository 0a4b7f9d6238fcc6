"""Workbooks (xlsx, xls, ods): every cell as the text that an officer sees in the program.

Rows become Python objects one block at a time, and the memory for a sheet is bounded
(`excel_cells`). Several sheets may be one dataset: their rows follow one another.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, is_zipfile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from encoder.error_codes import EncoderCode
from encoder.source.mapping import Mapping
from encoder.source.presets.headers import plain
from encoder.source.readers.bip import flat_rows
from encoder.source.readers.excel_blocks import SheetLayout, block_of, to_last_formula
from encoder.source.readers.excel_cells import MOST_CELLS, streamed, whole
from encoder.source.readers.excel_notes import Read, notes_of
from encoder.source.readers.merged import of_a_person, repeated_down
from encoder.source.readers.sheet_facts import SheetFacts
from encoder.source.readers.source import (
    Block,
    SourceNote,
    batched,
    empty,
    header_of,
    positions,
    text_of,
)
from encoder.source.readers.workbook import sheet_facts
from encoder.source.readers.zip_bombs import is_bomb
from policy.base.errors import BadInput
from policy.base.files import missing_file
from policy.base.words import Words

_SUFFIXES = ((".xls", ".xla"), (".xlsx", ".xlsm", ".xlam", ".ods"))


class Excel:
    """Sheets of a workbook. A sheet with more than MOST_CELLS cells is read row by row."""

    most_cells = MOST_CELLS

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self.name = str(path)
        self._path = path
        self._mapping = mapping
        self._read: list[Read] = []
        self._hidden: list[str] = []

    def sheets(self) -> list[str]:
        """The visible sheets with cells, in the order of the workbook."""
        with self._workbook() as workbook:
            return _sheets(workbook, hidden=False)

    def hidden_sheets(self) -> list[str]:
        with self._workbook() as workbook:
            return _sheets(workbook, hidden=True)

    def first_rows(self, count: int) -> list[list[str]]:
        return [list(map(text_of, row)) for row in islice(self.lines(), count)]

    def lines(self) -> Iterator[list[Any]]:
        """The first sheet's rows, one at a time; raises BadInput if it is empty."""
        with self._workbook() as workbook:
            yield from self._rows_of(workbook, self._named(workbook)[0])[1]

    def blocks(
        self, wanted: Sequence[str], identifiers: frozenset[str], rows_at_once: int
    ) -> Iterator[Block]:
        before = 0
        self._read = []
        with self._workbook() as workbook:
            names = self._named(workbook)
            self._hidden = _sheets(workbook, hidden=True)
            for sheet in names:
                opened = self._open(workbook, sheet, wanted, identifiers, several=len(names) > 1)
                if opened is None:
                    continue
                rows, layout = opened
                start = before
                for batch in batched(rows, rows_at_once):
                    yield block_of(batch, before, before - start, layout)
                    before += len(batch)
                self._read[-1].rows = before - start
            self._require_some(names, wanted)

    def notes(self) -> tuple[SourceNote, ...]:
        """Notes on the sheets read last; if none was read, this opens them first."""
        if not self._read:
            with self._workbook() as workbook:
                names = self._named(workbook)
                self._hidden = _sheets(workbook, hidden=True)
                wanted = self._mapping.source_columns() if self._mapping.sheets == "all" else ()
                for sheet in names:
                    self._open(workbook, sheet, wanted, frozenset(), several=len(names) > 1)
        return notes_of(self._mapping, self._read, self._hidden)

    def _open(
        self,
        workbook: CalamineWorkbook,
        sheet: str,
        wanted: Sequence[str],
        identifiers: frozenset[str],
        *,
        several: bool,
    ) -> tuple[Iterator[list[Any]], SheetLayout] | None:
        """The rows of a sheet below its header; None for a sheet of `all` with other columns."""
        name = f"{self.name} ({sheet})" if several else self.name
        try:
            facts, lines = self._rows_of(workbook, sheet)
            rows = self._table(lines)
            header = header_of(list(islice(rows, self._mapping.header_lines)), wanted)
            header = _as_wanted(header, wanted) if several else header
            at = positions(name, header, wanted)
        except BadInput as error:
            if self._mapping.sheets != "all" or error.code not in ("file.columns", "file.empty"):
                raise
            self._read.append(Read(sheet, (), SheetFacts(), 0, left_out=True))
            return None
        first = self._mapping.header_row - 1 + self._mapping.header_lines
        layout = SheetLayout.of(header, at, wanted, identifiers, facts, first)
        if self._mapping.layout == "bip":
            layout, facts = layout.without_places(), SheetFacts(from_1904=facts.from_1904)
        elif facts.merges:
            rows = repeated_down(rows, first, facts.merges, of_a_person(header, self._mapping))
        if facts.uncomputed:
            rows = to_last_formula(rows, first, facts)
        if facts.from_1904:
            layout = layout.counting_from_1904()
        self._read.append(Read(sheet, tuple(header), facts, first))
        return rows, layout

    def _require_some(self, names: Sequence[str], wanted: Sequence[str]) -> None:
        """Check that at least one of `all` sheets has the columns."""
        if all(each.left_out for each in self._read):
            told = ", ".join(names)
            raise BadInput(
                EncoderCode.FILE_COLUMNS,
                Words(
                    f"{self.name}: tidak ada lembar dengan semua kolom: {', '.join(wanted)}.",
                    f"{self.name}: no sheet has all of the columns: {', '.join(wanted)}.",
                ),
                Words(
                    f"Lembar yang terlihat: {told}. Sesuaikan pemetaan atau header_row.",
                    f"The visible sheets: {told}. Adjust the mapping or header_row.",
                ),
            )

    def _table(self, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        if self._mapping.layout == "bip":
            return flat_rows(rows)
        return islice(rows, self._mapping.header_row - 1, None)

    def _rows_of(
        self, workbook: CalamineWorkbook, name: str
    ) -> tuple[SheetFacts, Iterator[list[Any]]]:
        facts = sheet_facts(self._path, name)
        if facts.cells() > self.most_cells:
            return facts, self._some(self._streamed(name))
        sheet = workbook.get_sheet_by_name(name)
        if not is_zipfile(self._path):
            facts = replace(facts, merges=_merges(sheet))
        return facts, self._some(whole(sheet))

    def _streamed(self, name: str) -> Iterator[list[Any]]:
        try:
            yield from streamed(self._path, name)
        except (BadZipFile, ParseError, KeyError, ValueError):
            raise self._damaged() from None

    def _some(self, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        first = next(rows, None)
        if first is None:
            raise empty(self.name)
        yield first
        yield from rows

    @contextmanager
    def _workbook(self) -> Iterator[CalamineWorkbook]:
        try:
            if is_zipfile(self._path) and is_bomb(self._path):
                raise self._unreadable(
                    Words("isinya membesar tanpa batas bila dibuka", "its content has no end"),
                    Words(
                        "Jangan dibuka; minta pengirimnya menyimpan ulang sebagai xlsx atau CSV.",
                        "Do not open it; ask its sender to save it again as xlsx or CSV.",
                    ),
                )
            with self._opened() as workbook:
                yield workbook
        except PasswordError:
            raise self._unreadable(
                Words("buku kerja terkunci dengan sandi", "the workbook has a password"),
                Words("Simpan salinan yang tidak terkunci.", "Save a copy without a password."),
            ) from None
        except (CalamineError, BadZipFile, zlib.error):
            raise self._damaged() from None
        except OSError:
            raise missing_file(self._path) from None

    @contextmanager
    def _opened(self) -> Iterator[CalamineWorkbook]:
        """Open by content: a file named .xls is often xlsx, or the other way round."""
        if self._path.suffix.lower() in _SUFFIXES[is_zipfile(self._path)]:
            with CalamineWorkbook.from_path(self._path) as workbook:
                yield workbook
            return
        with (
            self._path.open("rb") as file,
            CalamineWorkbook.from_filelike(file) as workbook,
        ):
            yield workbook

    def _named(self, workbook: CalamineWorkbook) -> list[str]:
        """The sheets that the mapping names, else the first visible one."""
        visible = _sheets(workbook, hidden=False)
        wanted = self._mapping.sheets
        if wanted == "all":
            return visible
        there = workbook.sheet_names
        names = [self._mapping.sheet] if self._mapping.sheet else list(wanted or ())
        names = names or visible[:1] or there[:1]
        for name in names:
            if name not in there:
                told = ", ".join(there)
                raise self._unreadable(
                    Words(f"tidak ada lembar '{name}'", f"there is no sheet '{name}'"),
                    Words(f"Lembar yang ada: {told}.", f"The sheets are: {told}."),
                )
        return names

    def _damaged(self) -> BadInput:
        return self._unreadable(
            Words("bukan buku kerja Excel yang utuh", "not a whole Excel workbook"),
            Words("Simpan ulang sebagai xlsx atau CSV.", "Save it again as xlsx or CSV."),
        )

    def _unreadable(self, what: Words, remedy: Words) -> BadInput:
        problem = Words(f"{self.name}: {what.id}.", f"{self.name}: {what.en}.")
        return BadInput(EncoderCode.FILE_EXCEL, problem, remedy)


def _as_wanted(header: list[str], wanted: Sequence[str]) -> list[str]:
    """The header with the mapping's letter case, which may differ between sheets."""
    names = {plain(name): name for name in wanted if name not in header}
    return [names.get(plain(name), name) for name in header]


def _sheets(workbook: CalamineWorkbook, *, hidden: bool) -> list[str]:
    """The hidden or the visible sheets; sheets without cells (charts, macros) are neither."""
    return [
        each.name
        for each in workbook.sheets_metadata
        if each.typ == SheetTypeEnum.WorkSheet
        and (each.visible != SheetVisibleEnum.Visible) == hidden
    ]


def _merges(sheet: CalamineSheet) -> list[tuple[int, int, int, int]]:
    return [(*top_left, *bottom_right) for top_left, bottom_right in sheet.merged_cell_ranges or ()]
