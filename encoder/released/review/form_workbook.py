"""The form as an Excel workbook: answers are chosen from a list, everything else is locked.

The lock keeps slips away, not people: it has no password. Every cell is text, so that Excel changes
no NIK and no reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Any

from encoder.released.review.asking import FormRow, ReviewForm
from encoder.steps.review_answers import FieldAnswer
from policy.base.words import Language, Words
from policy.terminal.table_files import SHEET_ROWS, require_fitting, sheet_name, too_long

REFERENCE = Words("Referensi Padan", "Padan reference")
SOURCE = Words("Sumber", "Source")
ANSWER = Words("Jawaban", "Answer")
NOTE = Words("Catatan", "Note")
# Names of the form's own columns: a form is taken back in either language.
HEADS = (REFERENCE, SOURCE, ANSWER, NOTE)
_RESERVED = frozenset(name for each in HEADS for name in (each.id, each.en))
_GUIDE = (
    Words(
        "Satu baris = satu orang di daftar instansi ini dan satu sumber lain yang diduga"
        " memuatnya.",
        "One row = one person on this agency's list, and one other source that may have the"
        " person too.",
    ),
    Words(
        "1. Temui orangnya, dan cocokkan nama, tanggal lahir, serta alamat.",
        "1. Meet the person, and compare name, date of birth and address.",
    ),
    Words(
        "2. Pilih jawaban di kolom 'Jawaban'. Kosong berarti belum diperiksa.",
        "2. Choose an answer in the column 'Answer'. Empty means not checked yet.",
    ),
    Words(
        "3. Jangan ubah kolom lain, terutama 'Referensi Padan'.",
        "3. Do not change other columns, above all 'Padan reference'.",
    ),
    Words("   Mengurutkan atau menghapus baris boleh.", "   You may sort the rows or delete rows."),
    Words(
        "4. Kembalikan berkas ini kepada petugas data. Isinya data pribadi: jangan diteruskan.",
        "4. Give this file back to the data officer. It has personal data: do not pass it on.",
    ),
    Words("Catatan tidak keluar dari instansi ini.", "Notes do not leave this agency."),
)
_GUIDE_SHEET = Words("Petunjuk", "Guide")
_FORM_SHEET = Words("Formulir", "Form")
_NOWHERE = Words("tanpa kelurahan", "no kelurahan")
_CHOOSE = Words(
    "Pilih salah satu jawaban dari daftar, atau kosongkan.",
    "Choose one of the answers of the list, or leave it empty.",
)
_WIDEST, _NARROWEST = 40, 10
_ALLOWED_UNDER_THE_LOCK = {
    "sort": True,
    "autofilter": True,
    "delete_rows": True,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
}


class SheetsBy(StrEnum):
    """What a sheet of the form holds."""

    none = "none"
    kelurahan = "kelurahan"
    rw = "rw"


def write_form(path: Path, form: ReviewForm, by: SheetsBy, language: Language = "id") -> int:
    """Write the workbook, kept in memory until it is whole; returns the number of its sheets.

    Raises BadInput for a cell or a sheet that Excel cannot hold: it would be left out.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    # Equal forms give equal files, so the file has no time of writing.
    book.set_properties({"created": datetime(2000, 1, 1)})
    guide_sheet = _GUIDE_SHEET.in_language(language)
    guide = book.add_worksheet(guide_sheet)
    guide.set_column(0, 0, 100)
    for number, line in enumerate(_GUIDE):
        guide.write_string(number, 0, line.in_language(language))
    guide.protect("")
    names = [guide_sheet]
    for title, rows in _sheets(form.rows, by, language):
        names.append(sheet_name(title, names))
        _write_sheet(book, names[-1], form.own, rows, language)
    book.worksheets()[1].activate()
    book.close()
    return len(names) - 1


def _write_sheet(
    book: Any, name: str, own: Sequence[str], rows: Sequence[FormRow], language: Language
) -> None:
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    head = book.add_format({"num_format": "@", "bold": True, "text_wrap": True})
    open_ = book.add_format({"num_format": "@", "locked": False, "bg_color": "#FFF8DC"})
    sheet = book.add_worksheet(name)
    reference, source, answer_head, note_head = (each.in_language(language) for each in HEADS)
    mark = "sumber" if language == "id" else "source"
    shown = [f"{each} ({mark})" if each in _RESERVED else each for each in own]
    header = [reference, source, *shown, answer_head, note_head]
    answer, note = len(header) - 2, len(header) - 1
    if len(rows) >= SHEET_ROWS:
        raise too_long()
    sheet.freeze_panes(1, 1)
    # On paper: landscape on A4, all columns on one page, the header on every page.
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    filled = [(row.reference, row.source.in_language(language), *row.own) for row in rows]
    for column, title in enumerate(header):
        longest = max((len(cells[column]) for cells in filled), default=0) if column < answer else 0
        width = min(_WIDEST, max(_NARROWEST, len(title) + 3, longest * 9 // 8 + 2))
        sheet.set_column(column, column, 34 if column in (answer, note) else width)
        sheet.write_string(0, column, title, head)
    for number, cells in enumerate(filled, start=1):
        for column, cell in enumerate(cells):
            require_fitting(cell, number, header[column])
            sheet.write_string(number, column, cell, text)
        sheet.write_blank(number, answer, None, open_)
        sheet.write_blank(number, note, None, open_)
    last = max(1, len(rows))
    sheet.data_validation(
        1,
        answer,
        last,
        answer,
        {
            "validate": "list",
            "source": [each.words.in_language(language) for each in FieldAnswer],
            "error_title": answer_head,
            "error_message": _CHOOSE.in_language(language),
        },
    )
    sheet.autofilter(0, 0, last, note)
    sheet.protect("", _ALLOWED_UNDER_THE_LOCK)


def _sheets(
    rows: Sequence[FormRow], by: SheetsBy, language: Language
) -> Iterator[tuple[str, list[FormRow]]]:
    """The rows of each sheet with its title; rows come sorted by place."""

    def title(row: FormRow) -> str:
        if by is SheetsBy.none:
            return _FORM_SHEET.in_language(language)
        kelurahan = row.place.kelurahan or _NOWHERE.in_language(language)
        return kelurahan if by is SheetsBy.kelurahan else f"{kelurahan} RW {row.place.rw or '-'}"

    def part(row: FormRow) -> tuple[str, str]:
        """Kelurahan of one name in two kecamatan are two."""
        return (
            "" if by is SheetsBy.none else row.place.kecamatan.casefold(),
            title(row).casefold(),
        )

    for _, some in groupby(rows, part):
        listed = list(some)
        yield title(listed[0]), listed
    if not rows:
        yield _FORM_SHEET.in_language(language), []
