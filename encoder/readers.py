"""Tables in, a chunk at a time: every cell as text, every row accounted for.

Errors name file and row, never a cell. Row numbers count from 1, the header not
included. A row with too few or too many cells is refused by its number, not dropped,
and so is a blank one. A quote that swallows rows stops the reading: what it swallowed
cannot be counted.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
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
BLANK_ROW = "blank-row"
NO_RECORD_ID = "no-record-id"
_DELIMITERS = ",;|\t"
_MAX_CELL = 1_000_000
_BLOCK = 1 << 20


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
        if not isinstance(cells, str):
            yield number, [cells[column] for column in columns]


def _rows(
    path: Path, mapping: Mapping, columns: tuple[str, ...] = ()
) -> Iterator[tuple[int, dict[str, str] | str]]:
    """(row number, cells by column name), or the rule by which the row is refused."""
    number = 0
    try:
        with path.open(encoding=_encoding(path, mapping), newline="") as file:
            wanted = (*mapping.source_columns(), *columns)
            delimiter = mapping.delimiter or _delimiter(file, wanted)
            csv.field_size_limit(_MAX_CELL)
            reader = csv.reader(_without_nul(path, file), delimiter=delimiter, strict=True)
            header = [cell.strip() for cell in next(reader, [])]
            _check_header(path, header, wanted)
            line = reader.line_num
            for cells in reader:
                number += 1
                if reader.line_num - line > 1 and _swallows_rows(cells, delimiter, len(header)):
                    raise _stray_quote(path, number)
                line = reader.line_num
                if len(cells) == len(header):
                    yield number, dict(zip(header, cells, strict=True))
                else:
                    yield number, RAGGED_ROW if cells else BLANK_ROW
    except UnicodeDecodeError:
        raise _not_text(path, mapping) from None
    except csv.Error:
        raise _stray_quote(path, number + 1) from None
    except OSError:
        raise missing_file(path) from None


def _without_nul(path: Path, lines: Iterable[str]) -> Iterator[str]:
    """A NUL means a damaged or binary file; other readers would cut the cell there."""
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise BadInput(
                "file.nul",
                Words(
                    f"{path}: ada karakter NUL pada baris teks {number}.",
                    f"{path}: there is a NUL character in line {number} of the file.",
                ),
                Words("Ekspor ulang sebagai CSV UTF-8.", "Export it again as CSV UTF-8."),
            )
        yield line


def _swallows_rows(cells: list[str], delimiter: str, width: int) -> bool:
    """Whether a cell of several lines holds as many delimiters as a whole row has."""
    return any("\n" in cell and cell.count(delimiter) >= width - 1 for cell in cells)


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

    def add(self, number: int, cells: dict[str, str] | str, mapping: Mapping) -> None:
        if isinstance(cells, str):
            self.refused.append((number, cells))
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


def _encoding(path: Path, mapping: Mapping) -> str:
    try:
        name = codecs.lookup(mapping.encoding).name
    except LookupError:
        raise BadInput(
            "file.encoding-name",
            Words(
                f"{path}: pengodean '{mapping.encoding}' tidak dikenal.",
                f"{path}: there is no encoding '{mapping.encoding}'.",
            ),
            Words("Misalnya utf-8 atau latin-1.", "For example utf-8 or latin-1."),
        ) from None
    # A byte order mark that Excel writes is not part of the first header.
    return "utf-8-sig" if name == "utf-8" else name


def _delimiter(file: TextIOWrapper, wanted: tuple[str, ...]) -> str:
    """The one under which the header has the most wanted columns, then the most cells."""
    line = file.readline()
    file.seek(0)

    def fit(mark: str) -> tuple[int, int]:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=mark), [])]
        return len(set(wanted) & set(cells)), len(cells)

    return max(_DELIMITERS, key=fit)


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


def _not_text(path: Path, mapping: Mapping) -> BadInput:
    byte, line = _first_undecodable(path, mapping.encoding)
    return BadInput(
        "file.encoding",
        Words(
            f"{path}: bukan teks {mapping.encoding} pada bita {byte}, baris teks {line}"
            f" (sekitar baris data {line - 1}).",
            f"{path}: not {mapping.encoding} text at byte {byte}, line {line} of the file"
            f" (about row {line - 1}).",
        ),
        Words(
            "Tulis 'encoding: latin-1' di pemetaan, atau simpan ulang sebagai CSV UTF-8.",
            "Write 'encoding: latin-1' in the mapping, or save it again as CSV UTF-8.",
        ),
    )


def _first_undecodable(path: Path, encoding: str) -> tuple[int, int]:
    """Byte offset from 0 and line from 1 of the first byte that is not text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset, line = 0, 1
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                at = max(0, error.start - held)
                return offset - held + error.start, line + block.count(b"\n", 0, at)
            offset += len(block)
            line += block.count(b"\n")
    return offset, line


def _stray_quote(path: Path, number: int) -> BadInput:
    return BadInput(
        "file.csv",
        Words(
            f"{path}: tanda kutip tanpa pasangan atau CSV rusak di baris data {number}.",
            f"{path}: a quote without its pair, or damaged CSV, at data row {number}.",
        ),
        Words(
            "Perbaiki tanda kutip di baris itu, atau simpan ulang sebagai CSV.",
            "Mend the quotes in that row, or save it as CSV again.",
        ),
    )


def _empty(path: Path) -> BadInput:
    return BadInput(
        "file.empty",
        Words(f"{path}: berkas kosong.", f"{path}: the file is empty."),
        Words("Periksa apakah ekspornya berhasil.", "Check that the export succeeded."),
    )
