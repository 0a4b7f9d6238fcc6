"""Tables in, a chunk at a time: every cell as text, every row accounted for.

Errors name file and row, never a cell. Row numbers count from 1, the header not
included. A row with too few or too many cells is refused by its number, not dropped.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path

from encoder.mapping import DateColumns, Mapping
from encoder.plausible import require_plausible
from policy.charter import FieldKind
from policy.errors import BadInput
from policy.files import missing_file
from policy.words import Words

RAGGED_ROW = "ragged-row"
NO_RECORD_ID = "no-record-id"
_DELIMITERS = ",;|\t"
_MAX_CELL = 1_000_000


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file. `refused` are rows that could not be read, by number and rule."""

    row_numbers: list[int]
    record_ids: list[str] = field(repr=False)
    columns: dict[str, list[str]] = field(repr=False)
    refused: list[tuple[int, str]]


def read_rows(
    path: Path, mapping: Mapping, kinds: AnyMapping[str, FieldKind], rows_at_once: int
) -> Iterator[Chunk]:
    """The mapped fields in chunks; the first chunk is also checked for swapped columns."""
    first = True
    chunk = _Collected.empty(mapping)
    for number, cells in _rows(path, mapping):
        chunk.add(number, cells, mapping)
        if len(chunk.row_numbers) + len(chunk.refused) >= rows_at_once:
            yield chunk.checked(path, kinds, first)
            first, chunk = False, _Collected.empty(mapping)
    if chunk.row_numbers or chunk.refused:
        yield chunk.checked(path, kinds, first)
    elif first:
        raise _empty(path)


def read_columns(
    path: Path, mapping: Mapping, columns: tuple[str, ...]
) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells of these columns) of every whole row, for local lists."""
    for number, cells in _rows(path, mapping, columns):
        if cells is not None:
            yield number, [cells[column] for column in columns]


def _rows(
    path: Path, mapping: Mapping, columns: tuple[str, ...] = ()
) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Cells by column name; None for a row of the wrong width."""
    number = 0
    try:
        with path.open(encoding=_encoding(mapping), newline="") as file:
            delimiter = mapping.delimiter or _delimiter(file)
            csv.field_size_limit(_MAX_CELL)
            reader = csv.reader(file, delimiter=delimiter)
            header = [cell.strip() for cell in next(reader, [])]
            _check_header(path, header, (*mapping.source_columns(), *columns))
            for cells in reader:
                number += 1
                whole = len(cells) == len(header)
                yield number, dict(zip(header, cells, strict=True)) if whole else None
    except UnicodeDecodeError:
        raise _not_text(path, number) from None
    except LookupError:
        raise _not_text(path, number) from None
    except csv.Error:
        raise BadInput(
            "file.csv",
            Words(
                f"{path}: CSV rusak setelah baris {number}.",
                f"{path}: the CSV is damaged after row {number}.",
            ),
            Words("Simpan ulang sebagai CSV.", "Save it as CSV again."),
        ) from None
    except OSError:
        raise missing_file(path) from None


@dataclass
class _Collected:
    """A chunk while it fills."""

    row_numbers: list[int]
    record_ids: list[str]
    columns: dict[str, list[str]]
    refused: list[tuple[int, str]]

    @classmethod
    def empty(cls, mapping: Mapping) -> _Collected:
        return cls([], [], {name: [] for name in mapping.fields}, [])

    def add(self, number: int, cells: dict[str, str] | None, mapping: Mapping) -> None:
        if cells is None:
            self.refused.append((number, RAGGED_ROW))
            return
        record_id = cells[mapping.record_id].strip()
        if not record_id:
            self.refused.append((number, NO_RECORD_ID))
            return
        self.row_numbers.append(number)
        self.record_ids.append(record_id)
        for name, source in mapping.fields.items():
            self.columns[name].append(_cell(cells, source))

    def checked(self, path: Path, kinds: AnyMapping[str, FieldKind], first: bool) -> Chunk:
        if first:
            for name, kind in kinds.items():
                require_plausible(path, name, kind, self.columns.get(name, []))
        return Chunk(self.row_numbers, self.record_ids, self.columns, self.refused)


def _cell(cells: dict[str, str], source: str | DateColumns | None) -> str:
    if source is None:
        return ""
    if isinstance(source, str):
        return cells[source]
    parts = [cells[column].strip() for column in (source.day, source.month, source.year)]
    return "-".join(parts) if all(parts) else parts[2]


def _encoding(mapping: Mapping) -> str:
    # A byte order mark that Excel writes is not part of the first header.
    return "utf-8-sig" if mapping.encoding.lower() in ("utf-8", "utf8") else mapping.encoding


def _delimiter(file: TextIOWrapper) -> str:
    """The one that occurs most often in the header line."""
    line = file.readline()
    file.seek(0)
    return max(_DELIMITERS, key=line.count)


def _check_header(path: Path, header: list[str], wanted: tuple[str, ...]) -> None:
    if not any(header):
        raise _empty(path)
    missing = [column for column in dict.fromkeys(wanted) if column not in header]
    repeated = sorted({column for column in wanted if header.count(column) > 1})
    if not missing and not repeated:
        return
    names = ", ".join(missing or repeated)
    there = ", ".join(header)
    problem_id = "tidak ada kolom" if missing else "kolom berulang"
    problem_en = "there is no column" if missing else "a column repeats"
    raise BadInput(
        "file.columns",
        Words(f"{path}: {problem_id}: {names}.", f"{path}: {problem_en}: {names}."),
        Words(
            f"Kolom di berkas: {there}. Sesuaikan pemetaan atau pembatasnya.",
            f"Columns of the file: {there}. Adjust the mapping or the delimiter.",
        ),
    )


def _not_text(path: Path, number: int) -> BadInput:
    return BadInput(
        "file.encoding",
        Words(
            f"{path}: bukan teks dalam pengodean yang disebut, sekitar baris {number + 1}.",
            f"{path}: not text in the encoding named, near row {number + 1}.",
        ),
        Words(
            "Tulis 'encoding: latin-1' di pemetaan, atau simpan ulang sebagai CSV UTF-8.",
            "Write 'encoding: latin-1' in the mapping, or save it again as CSV UTF-8.",
        ),
    )


def _empty(path: Path) -> BadInput:
    return BadInput(
        "file.empty",
        Words(f"{path}: berkas kosong.", f"{path}: the file is empty."),
        Words("Periksa apakah ekspornya berhasil.", "Check that the export succeeded."),
    )
