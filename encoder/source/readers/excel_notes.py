"""The notes for an officer on a workbook as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from encoder.source.mapping import Mapping
from encoder.source.readers.merged import of_a_person
from encoder.source.readers.sheet_facts import Merge, SheetFacts
from encoder.source.readers.source import SourceNote, listed
from policy.base.words import Words

SHEETS = "sheets"
_MOST_ROWS = 100


@dataclass
class Read:
    """One sheet that was read; `first` is the line of its row 1, from 0."""

    sheet: str
    header: tuple[str, ...]
    facts: SheetFacts
    first: int
    rows: int = 0
    left_out: bool = False


def notes_of(
    mapping: Mapping, read: Sequence[Read], hidden: Sequence[str]
) -> tuple[SourceNote, ...]:
    """Notes on the sheets that were read, the most important first."""
    notes: list[SourceNote | None] = [_hidden_sheets(read, hidden)]
    if mapping.sheets is not None:
        notes += [_several(read), _other_columns(read)]
    for each in read:
        if not each.left_out:
            notes += _of_sheet(each, mapping)
    if any(each.facts.from_1904 for each in read):
        notes.append(_FROM_1904)
    return tuple(note for note in notes if note is not None)


_FROM_1904 = SourceNote(
    "dates-1904",
    1,
    Words(
        "Buku kerja ini menghitung tanggal sejak 1904. Tanggal dan bilangan di kolom tanggal lahir"
        " dibaca menurut itu.",
        "This workbook counts dates from 1904. Its dates, and bare numbers in a column of birth"
        " dates, are read by that count.",
    ),
)


def _hidden_sheets(read: Sequence[Read], hidden: Sequence[str]) -> SourceNote | None:
    if not hidden:
        return None
    names = ", ".join(hidden)
    taken = [each.sheet for each in read if each.sheet in hidden]
    if taken:
        which = ", ".join(taken)
        return SourceNote(
            "hidden-sheet-read",
            len(taken),
            Words(
                f"Lembar yang dibaca tersembunyi: {which}.",
                f"The sheet that is read is hidden: {which}.",
            ),
        )
    return SourceNote(
        "hidden-sheets",
        len(hidden),
        Words(
            f"Lembar tersembunyi tidak dibaca: {names}.",
            f"Hidden sheets are not read: {names}.",
        ),
    )


def _several(read: Sequence[Read]) -> SourceNote:
    taken = [each for each in read if not each.left_out]
    firsts = [1 + sum(each.rows for each in taken[:at]) for at in range(len(taken))]
    names = ", ".join(
        f"{each.sheet} ({first}-{first + each.rows - 1})" if each.rows else each.sheet
        for first, each in zip(firsts, taken, strict=True)
    )
    return SourceNote(
        SHEETS,
        len(taken),
        Words(
            f"{len(taken)} lembar dibaca sebagai satu daftar, nomor baris berlanjut: {names}.",
            f"{len(taken)} sheets are read as one list, with row numbers that run on: {names}.",
        ),
        tuple(firsts),
        tuple(each.sheet for each in taken),
    )


def _other_columns(read: Sequence[Read]) -> SourceNote | None:
    others = [each.sheet for each in read if each.left_out]
    if not others:
        return None
    names = ", ".join(others)
    return SourceNote(
        "sheets-left-out",
        len(others),
        Words(
            f"Lembar tanpa kolom yang dipetakan tidak dibaca: {names}.",
            f"Sheets without the mapped columns are not read: {names}.",
        ),
    )


def _of_sheet(read: Read, mapping: Mapping) -> list[SourceNote | None]:
    where = f"{read.sheet}: " if mapping.sheets is not None else ""
    alone = of_a_person(read.header, mapping) if read.facts.merges else frozenset()
    below = [merge for merge in read.facts.merges if merge[0] >= read.first]
    down = [merge for merge in below if merge[2] > merge[0]]
    return [
        _hidden_rows(read, where),
        _hidden_columns(read, where),
        _unseen(read, where),
        _merged(read, where, [m for m in down if m[1] not in alone], "merged-down", _down),
        _merged(
            read, where, [m for m in down if m[1] in alone], "merged-not-repeated", _not_repeated
        ),
        _merged(read, where, [m for m in below if m[3] > m[1]], "merged-across", _across),
        _uncomputed(read, where),
    ]


def _hidden_rows(read: Read, where: str) -> SourceNote | None:
    lines = [line for line in read.facts.hidden if line > read.first]
    if not lines:
        return None
    count, told = len(lines), listed(lines)
    return SourceNote(
        "hidden-rows",
        count,
        Words(
            f"{where}{count} baris tersembunyi atau tersaring ikut dibaca: baris {told}."
            " Hapus dari berkas bila bukan bagian daftar.",
            f"{where}{count} hidden or filtered row{'s are' if count != 1 else ' is'} read as well:"
            f" row {told}. Delete them from the file if they are not part of the list.",
        ),
        tuple(line - read.first for line in lines[:_MOST_ROWS]),
    )


def _hidden_columns(read: Read, where: str) -> SourceNote | None:
    hidden = [at for at in read.facts.hidden_columns if at < len(read.header) and read.header[at]]
    if not hidden:
        return None
    names = ", ".join(read.header[at] for at in hidden)
    return SourceNote(
        "hidden-columns",
        len(hidden),
        Words(
            f"{where}Kolom tersembunyi ikut dibaca bila dipetakan: {names}.",
            f"{where}Hidden columns are read as well where they are mapped: {names}.",
        ),
    )


def _unseen(read: Read, where: str) -> SourceNote | None:
    if read.facts.looked:
        return None
    return SourceNote(
        "hidden-rows-unseen",
        1,
        Words(
            f"{where}Baris tersembunyi dan rumus yang belum dihitung tidak dapat diperiksa dalam"
            " format ini; simpan sebagai xlsx bila ada.",
            f"{where}Hidden rows and formulas without a value cannot be seen in this format; save"
            " it as xlsx if there are any.",
        ),
    )


def _down(cells: int, columns: str) -> Words:
    return Words(
        f"Sel gabungan ke bawah dibaca untuk setiap barisnya ({cells} sel terisi): {columns}.",
        f"Cells merged down are read for each of their rows ({cells} cells filled): {columns}.",
    )


def _not_repeated(cells: int, columns: str) -> Words:
    return Words(
        f"Sel gabungan ke bawah di kolom perorangan tidak diulang ({cells} sel kosong): {columns}.",
        f"Cells merged down in a column of one person are not repeated ({cells} cells are empty):"
        f" {columns}.",
    )


def _across(cells: int, columns: str) -> Words:
    return Words(
        f"Sel gabungan ke samping hanya mengisi kolom pertamanya ({cells} sel kosong): {columns}.",
        f"Cells merged across fill only the first of their columns ({cells} cells are empty):"
        f" {columns}.",
    )


def _merged(
    read: Read, where: str, merges: Sequence[Merge], code: str, told: Callable[[int, str], Words]
) -> SourceNote | None:
    if not merges:
        return None
    across = code == "merged-across"
    cells = sum(
        (right - left) * (bottom - top + 1) if across else bottom - top
        for top, left, bottom, right in merges
    )
    columns = ", ".join(_name(read, left) for left in sorted({merge[1] for merge in merges}))
    rows = sorted(merge[0] - read.first + 1 for merge in merges)
    words = told(cells, columns)
    return SourceNote(
        code, cells, Words(f"{where}{words.id}", f"{where}{words.en}"), tuple(rows[:_MOST_ROWS])
    )


def _uncomputed(read: Read, where: str) -> SourceNote | None:
    found = {
        column: [line - read.first + 1 for line in lines if line >= read.first]
        for column, lines in sorted(read.facts.uncomputed.items())
    }
    found = {column: rows for column, rows in found.items() if rows}
    if not found:
        return None
    told = ", ".join(f"{_name(read, column)} ({len(rows)})" for column, rows in found.items())
    count = sum(map(len, found.values()))
    rows = sorted({row for each in found.values() for row in each})
    return SourceNote(
        "uncomputed",
        count,
        Words(
            f"{where}Rumus yang belum pernah dihitung, selnya kosong: {told}. Buka di Excel,"
            " simpan, lalu ulangi.",
            f"{where}Formulas that were never computed, so that their cells are empty: {told}. Open"
            " the file in Excel, save it, and try again.",
        ),
        tuple(rows[:_MOST_ROWS]),
    )


def _name(read: Read, column: int) -> str:
    """A column by its name in the file, or by its letters."""
    if column < len(read.header) and read.header[column]:
        return read.header[column]
    letters, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
