"""Reads a form that came back from the field: an Excel workbook, or CSV saved from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.review.form_workbook import ANSWER, NOTE, REFERENCE, SOURCE
from encoder.source.mapping import Mapping
from encoder.source.readers import format_of, open_source
from encoder.source.readers.excel import Excel
from policy.base.errors import BadInput
from policy.base.words import Words

_MOST_ROWS = 1_100_000
_HEADER_WITHIN = 20


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
    empty = sheets = 0
    for sheet, lines in enumerate(_sheets(path), start=1):
        found = _header(lines)
        if found is None:
            continue
        sheets += 1
        at, header = found
        reference, answer = header[REFERENCE], header[ANSWER]
        first = header.get(SOURCE, reference) + 1
        for number, line in enumerate(lines[at + 1 :], start=at + 2):
            cells = [*line, *[""] * (max(header.values()) + 1 - len(line))]
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


def _sheets(path: Path) -> Iterator[list[list[str]]]:
    if format_of(path) == "excel":
        start = Mapping(record_id=None, fields={}, format="excel")
        for name in Excel(path, start).sheets():
            try:
                yield Excel(path, start.model_copy(update={"sheet": name})).first_rows(_MOST_ROWS)
            except BadInput as error:
                if error.code != EncoderCode.FILE_EMPTY:
                    raise
                yield []
        return
    # Excel in Indonesia saves CSV with semicolons.
    for delimiter in (";", ","):
        start = Mapping(record_id=None, fields={}, delimiter=delimiter)
        lines = open_source(path, start).first_rows(_MOST_ROWS)
        if _header(lines) is not None:
            yield lines
            return


def _header(lines: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """The line of the header, and the column of each known name."""
    known = {name.casefold(): name for name in (REFERENCE, SOURCE, ANSWER, NOTE)}
    for at, line in enumerate(lines[:_HEADER_WITHIN]):
        plain = [" ".join(cell.split()).casefold() for cell in line]
        header = {known[name]: column for column, name in enumerate(plain) if name in known}
        if REFERENCE in header and ANSWER in header:
            return at, header
    return None


def _no_form(path: Path) -> BadInput:
    return BadInput(
        EncoderCode.REVIEW_FORM,
        Words(
            f"{path}: tidak ada lembar dengan kolom '{REFERENCE}' dan '{ANSWER}'.",
            f"{path}: no sheet has the columns '{REFERENCE}' and '{ANSWER}'.",
        ),
        Words(
            "Beri berkas formulir dari 'padan-encoder review form', dengan judul kolomnya.",
            "Give a form of 'padan-encoder review form', with its column titles.",
        ),
    )
