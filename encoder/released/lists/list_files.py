"""Writes a by-name-by-address list: one file, or a folder with a file for each area.

list.xlsx                       sheets: found (one an area, if divided), to check, not found,
                                a summary and how to read the list, which come first if divided
list.csv                        the first kind of people that was chosen
list-perlu-dicek.csv            those to check, and likewise those not found
list/KECAMATAN-KELURAHAN.xlsx   the same for one area
list/ringkasan.xlsx             the summary of a divided list
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.released.lists.areas import Areas
from encoder.released.lists.by_name import ByNameList, ListPart
from encoder.released.lists.choices import PEOPLE_NAMES, ListedPeople, Split
from encoder.released.lists.joined import Verdict
from encoder.released.lists.list_columns import CHANGED_SINCE, told
from encoder.released.lists.wording import in_list
from policy.base.errors import BadInput
from policy.base.words import Language, Words, number
from policy.terminal.table_files import Sheet, TableFile, sheet_name

# Every sheet holds a file open until the workbook is complete.
MOST_SHEETS = 400
_FEW_ROWS = 5_000
# Narrow columns let all of them fit on a page in letters that can be read.
_WIDEST, _PROSE = 24, 70
SUMMARY, GUIDE = "ringkasan", "petunjuk"
_GREEN, _YELLOW, _RED = "#C6EFCE", "#FFEB9C", "#F8CBAD"
_TINTS = {
    Verdict.CONFIRMED.value: _GREEN,
    Verdict.TO_CHECK.value: _YELLOW,
    "meninggal": _RED,
    "pindah": _RED,
    CHANGED_SINCE: _RED,
}


@dataclass(frozen=True)
class Guide:
    """The lines of a sheet that says how to read the list, and the footer of every page."""

    lines: tuple[Words, ...]
    footer: str = ""


def write_list(listed: ByNameList, out: TableFile, guide: Guide) -> tuple[Path, ...]:
    """Write every file; returns their paths.

    Raises BadInput before anything is written if a file may not be replaced, or if a workbook
    would have too many sheets.
    """
    writer = _ListWriter(listed, out, guide)
    if listed.choices.has_folder:
        return writer.write_folder()
    _require_few_sheets(len(listed.parts_of("")))
    return writer.write_one()


@dataclass(frozen=True)
class _ListWriter:
    listed: ByNameList
    out: TableFile
    guide: Guide

    def write_one(self) -> tuple[Path, ...]:
        files = self._files(self.out)
        ((_, parts),) = self.listed.books()
        return tuple(self._write(files, parts, self.listed.areas.rows_of("")))

    def write_folder(self) -> tuple[Path, ...]:
        folder = self.out.path.with_suffix("")
        names = _file_names(self.listed.areas, self.listed.book_keys())
        ending = self.out.path.suffix
        files = {
            book: self._files(self.out.beside(folder / f"{name}{ending}"))
            for book, name in names.items()
        }
        summary = self.out.beside(folder / f"{self._said(SUMMARY)}{ending}")
        written: list[Path] = []
        for book, parts in self.listed.books():
            written += self._write(files[book], parts, self.listed.areas.rows_of(book))
        if summary.is_workbook:
            summary.write_sheets([self._summary(), self._guide()], small=True)
        else:
            summary.write(*self.listed.areas.summary())
        return (*written, summary.path)

    def _files(self, first: TableFile) -> dict[ListedPeople, TableFile]:
        """The file of each kind of people: a workbook holds all of them."""
        files: dict[ListedPeople, TableFile] = {}
        for people in self.listed.choices.people:
            if first.is_workbook or not files:
                files[people] = first
            else:
                end = self._name(people).replace(" ", "-")
                files[people] = first.beside(first.path.with_stem(f"{first.path.stem}-{end}"))
        return files

    def _write(
        self,
        files: dict[ListedPeople, TableFile],
        parts: Iterator[tuple[ListPart, Iterator[list[str]]]],
        rows_in_all: int,
    ) -> Iterator[Path]:
        first = next(iter(files.values()))
        if first.is_workbook:
            first.write_sheets(self._sheets(parts), small=rows_in_all <= _FEW_ROWS)
            yield first.path
            return
        for part, rows in parts:
            file = files[part.people]
            file.write(self.listed.columns.header, rows)
            yield file.path

    def _sheets(self, parts: Iterator[tuple[ListPart, Iterator[list[str]]]]) -> Iterator[Sheet]:
        columns = self.listed.columns
        marked = [*columns.verdicts, columns.state]
        if columns.marks_changes:
            marked.append(marked[-1] + 1)
        names = self._sheet_names()
        if self._has_many_sheets:
            yield self._summary(names)
            yield self._guide()
        for part, rows in parts:
            yield Sheet(
                names.get(part) or self._name(part.people),
                columns.header,
                rows,
                self.listed.widths,
                _WIDEST,
                tuple(marked),
                _tints(columns.language),
                self.guide.footer,
            )
        if not self._has_many_sheets:
            if not self.listed.choices.has_folder:
                yield self._summary()
            yield self._guide()

    @property
    def _has_many_sheets(self) -> bool:
        """A sheet for each area: nobody would find a summary behind them."""
        choices = self.listed.choices
        return choices.split is not Split.NONE and not choices.has_folder

    def _name(self, people: ListedPeople) -> str:
        return self._said(PEOPLE_NAMES[people])

    def _said(self, word: str) -> str:
        return in_list(word, self.listed.choices.language)

    def _sheet_names(self) -> dict[ListPart, str]:
        """A sheet of an area is called after it; the others keep their names for themselves."""
        choices, names = self.listed.choices, dict[ListPart, str]()
        kept = [*map(self._name, ListedPeople), self._said(SUMMARY), self._said(GUIDE)]
        for part in self.listed.parts_of("") if not choices.has_folder else ():
            title = self.listed.areas.area(part.area).title
            taken = [*kept, *names.values()]
            names[part] = sheet_name(title, taken) if part.area else self._name(part.people)
        return names

    def _summary(self, sheets: Mapping[ListPart, str] | None = None) -> Sheet:
        """Counts by area; each area leads to its sheet, where it has one."""
        header, rows = self.listed.areas.summary()
        first = self.listed.choices.people[0]
        areas, names = self.listed.areas.keys(), sheets or {}
        links = [names.get(ListPart(first, key), "") for key in areas]
        widths = [20, 20, *[len(each) for each in header[2:]]]
        return Sheet(self._said(SUMMARY), header, rows, widths, links=links, has_total=True)

    def _guide(self) -> Sheet:
        lines = [[each.id, each.en] for each in self.guide.lines]
        return Sheet(self._said(GUIDE), ("Bahasa Indonesia", "English"), lines, (100, 100), _PROSE)


def _tints(language: Language) -> dict[str, str]:
    """The colour of each of our words in this language."""
    checked = told(Verdict.CONFIRMED, language, checked=True)
    return {checked: _GREEN, **{in_list(word, language): tint for word, tint in _TINTS.items()}}


def _file_names(areas: Areas, keys: list[str]) -> dict[str, str]:
    """A name for each area's file, without its ending; equal ones get a number."""
    names: dict[str, str] = {}
    taken = {SUMMARY, in_list(SUMMARY, areas.language)}
    for key in keys:
        base = areas.area(key).file_name
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}-{count}"
        taken.add(name)
        names[key] = name
    return names


def _require_few_sheets(sheets: int) -> None:
    if sheets > MOST_SHEETS:
        told = number(sheets)
        raise BadInput(
            EncoderCode.LIST_MANY_SHEETS,
            Words(
                f"Daftar itu akan punya {told.id} lembar; paling banyak {MOST_SHEETS}.",
                f"The list would have {told.en} sheets; {MOST_SHEETS} at most.",
            ),
            Words("Pakai --into files.", "Use --into files."),
        )
