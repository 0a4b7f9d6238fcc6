"""The sheets of a workbook, as an officer chooses between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from encoder.error_codes import EncoderCode
from encoder.source.first_look import headers
from encoder.source.mapping import Mapping
from encoder.source.presets.headers import plain
from encoder.source.presets.layouts import known_headers
from encoder.source.readers import format_of
from encoder.source.readers.excel import Excel
from policy.base.errors import BadInput
from policy.base.words import Words
from policy.charter import Dataset

_HEADER_WITHIN = 30
# Bytes of a workbook whose lines are not counted beforehand.
_LARGE = 20_000_000


@dataclass(frozen=True)
class SheetSummary:
    """One sheet: how many of its columns have a known name, and how many lines it has.

    `lines` is None if counting takes too long. `proposed` is the sheet that fits best.
    """

    name: str
    hidden: bool
    known: int
    lines: int | None
    proposed: bool = False


def sheets_of(path: Path, dataset: Dataset) -> tuple[SheetSummary, ...]:
    """All sheets with cells, in the workbook's order; empty if the file is not a workbook."""
    if format_of(path) != "excel":
        return ()
    sheets = tuple(each for each in _read(path) if each.lines != 0)
    best = _best([each for each in sheets if not each.hidden], dataset)
    return tuple(
        SheetSummary(each.name, each.hidden, each.known, each.lines, each is best)
        for each in sheets
    )


def only_sheet(sheets: tuple[SheetSummary, ...]) -> SheetSummary | None:
    """The sheet that is meant where nobody has to be asked: the only one that can be a table.

    A hidden sheet is never meant without a question, unless the workbook has no other.
    """
    if len(sheets) == 1:
        return sheets[0]
    seen = [each for each in sheets if not each.hidden]
    tables = [each for each in seen if each.known]
    if not tables and any(each.known for each in sheets):
        return None
    tables = tables or seen
    return tables[0] if len(tables) == 1 else None


def on_sheets(mapping: Mapping, names: tuple[str, ...]) -> Mapping:
    """The same mapping for several sheets, where their rows are one dataset."""
    if len(names) < 2:
        return mapping
    return mapping.model_copy(update={"sheet": None, "sheets": names})


def require_alike(path: Path, names: tuple[str, ...], mapping: Mapping) -> None:
    """Raises if a sheet has other columns than the first, or has them on another line."""
    for name in names[1:]:
        start = Mapping(record_id=None, fields={}, format="excel", sheet=name)
        columns, found = headers(path, start, set(map(plain, mapping.fields)))
        same_lines = (found.header_row, found.header_lines) == (
            mapping.header_row,
            mapping.header_lines,
        )
        missing = [each for each in mapping.source_columns() if each not in columns]
        if missing or not same_lines:
            raise BadInput(
                EncoderCode.UI_SHEETS_DIFFER,
                Words(
                    f"Susunan lembar '{name}' berbeda dari lembar '{names[0]}'.",
                    f"The sheet '{name}' is laid out differently from the sheet '{names[0]}'.",
                ),
                Words(
                    "Tandai hanya lembar dengan kolom yang sama di baris yang sama.",
                    "Mark only sheets that have the same columns on the same line.",
                ),
            )


def _read(path: Path) -> list[SheetSummary]:
    book = Excel(path, Mapping(record_id=None, fields={}))
    hidden, lines = book.hidden_sheets(), _lines(path)
    return [
        SheetSummary(name, name in hidden, _known(path, name), lines.get(name))
        for name in (*book.sheets(), *hidden)
    ]


def _lines(path: Path) -> dict[str, int]:
    if path.stat().st_size > _LARGE:
        return {}
    with CalamineWorkbook.from_path(path) as workbook:
        return {name: workbook.get_sheet_by_name(name).height for name in workbook.sheet_names}


def _known(path: Path, name: str) -> int:
    try:
        one = Excel(path, Mapping(record_id=None, fields={}, sheet=name))
        return max(map(known_headers, one.first_rows(_HEADER_WITHIN)), default=0)
    except BadInput:
        return 0  # an empty sheet


def _best(sheets: list[SheetSummary], dataset: Dataset) -> SheetSummary | None:
    """The one with most known columns. Of several with as many, the one named as the dataset.

    None where that does not tell: one sheet a kecamatan is usual, and another's people must not
    be taken for one's own.
    """
    most = max((each.known for each in sheets), default=0)
    fitting = [each for each in sheets if each.known == most and most > 0]
    if len(fitting) > 1:
        called = _words(f"{dataset.id} {dataset.title.id} {dataset.title.en}")
        fitting = [each for each in fitting if f" {_words(each.name).strip()} " in called]
    return fitting[0] if len(fitting) == 1 else None


def _words(text: str) -> str:
    return f" {' '.join(re.findall(r'[a-z0-9]+', text.lower()))} "
