"""Reads a form that came back from the field: an Excel workbook, or CSV saved from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from encoder.error_codes import EncoderCode
from encoder.released.review.form_workbook import ANSWER, HEADS, NOTE, REFERENCE, SOURCE
from encoder.source.mapping import Mapping
from encoder.source.readers import format_of, open_source
from encoder.source.readers.excel import Excel
from encoder.source.readers.source import text_of
from policy.base.errors import BadInput
from policy.base.words import Words

_MOST_ROWS = 1_100_000
_HEADER_WITHIN = 20
_MOST_CELLS = 100_000_000


@dataclass(frozen=True)
class ReturnedRow:
    """One row with an answer, as written. `own` are the cells between source and answer."""

    sheet: int
    row: int
    reference: str
    answer: str
    note: str = field(repr=False)
    own: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class ReturnedForm:
    """The rows of a returned form, its digest, and how many rows have no answer yet."""

    sha256: str
    rows: tuple[ReturnedRow, ...] = field(repr=False)
    empty: int
    sheets: int


def read_returned(path: Path) -> ReturnedForm:
    """Read a form; raises BadInput if the file cannot be read or is no form."""
    rows: list[ReturnedRow] = []
    empty = sheets = read = 0
    for sheet, lines in enumerate(_sheets(path), start=1):
        above = list(islice(lines, _HEADER_WITHIN))
        found = _header(above)
        if found is None:
            continue
        sheets += 1
        at, header = found
        reference, answer = header[REFERENCE], header[ANSWER]
        first, width = header.get(SOURCE, reference) + 1, max(header.values()) + 1
        for number, line in enumerate(chain(above[at + 1 :], lines), start=at + 2):
            # Cells to the right of the form are not part of it; a row may have 16,384 of them.
            cells = [text_of(cell) for cell in line[:width]] + [""] * (width - len(line))
            read += len(line)
            if read > _MOST_CELLS:
                raise _too_large(path)
            row = ReturnedRow(
                sheet,
                number,
                cells[reference].strip(),
                cells[answer].strip(),
                cells[header[NOTE]].strip() if NOTE in header else "",
                tuple(cells[first:answer]),
            )
            if row.answer:
                rows.append(row)
            elif row.reference:
                empty += 1
    if not sheets:
        raise _no_form(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ReturnedForm(digest, tuple(rows), empty, sheets)


def _sheets(path: Path) -> Iterator[Iterator[Sequence[Any]]]:
    """The lines of each sheet, one at a time."""
    if format_of(path) == "excel":
        start = Mapping(record_id=None, fields={}, format="excel")
        for name in Excel(path, start).sheets():
            yield _lines(Excel(path, start.model_copy(update={"sheet": name})))
        return
    # Excel in Indonesia saves CSV with semicolons.
    for delimiter in (";", ","):
        start = Mapping(record_id=None, fields={}, delimiter=delimiter)
        lines = open_source(path, start).first_rows(_MOST_ROWS)
        if _header(lines) is not None:
            yield iter(lines)
            return


def _lines(sheet: Excel) -> Iterator[Sequence[Any]]:
    try:
        yield from sheet.lines()
    except BadInput as error:
        if error.code != EncoderCode.FILE_EMPTY:
            raise


def _header(lines: Sequence[Sequence[Any]]) -> tuple[int, dict[Words, int]] | None:
    """The line of the header, and the column of each known name."""
    known = {name.casefold(): each for each in HEADS for name in (each.id, each.en)}
    for at, line in enumerate(lines[:_HEADER_WITHIN]):
        plain = [" ".join(text_of(cell).split()).casefold() for cell in line]
        header = {known[name]: column for column, name in enumerate(plain) if name in known}
        if REFERENCE in header and ANSWER in header:
            return at, header
    return None


def _no_form(path: Path) -> BadInput:
    return BadInput(
        EncoderCode.REVIEW_FORM,
        Words(
            f"{path}: tidak ada lembar dengan kolom '{REFERENCE.id}' dan '{ANSWER.id}'.",
            f"{path}: no sheet has the columns '{REFERENCE.en}' and '{ANSWER.en}', nor"
            f" '{REFERENCE.id}' and '{ANSWER.id}'.",
        ),
        Words(
            "Beri berkas formulir dari 'padan-encoder review form', dengan judul kolomnya.",
            "Give a form of 'padan-encoder review form', with its column titles.",
        ),
    )


def _too_large(path: Path) -> BadInput:
    return BadInput(
        EncoderCode.REVIEW_FORM,
        Words(
            f"{path}: lembarnya terlalu lebar untuk formulir.", f"{path}: its sheet is too wide."
        ),
        Words(
            "Hapus sel di kanan kolom 'Catatan', lalu simpan lagi.",
            "Delete the cells right of the column 'Note', and save it again.",
        ),
    )
