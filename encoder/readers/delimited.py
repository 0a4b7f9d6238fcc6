"""CSV in any delimiter and encoding, strictly: what a lenient reader would mend is refused.

A row with too few or too many cells is refused by its number, and so is a blank one or one
with a stray quote. A quote that swallows rows stops the reading: what it swallowed cannot be
counted.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path

from encoder.mapping import Mapping
from encoder.readers.rules import BLANK_ROW, RAGGED_ROW, STRAY_QUOTE
from encoder.readers.source import Block, header_of, positions
from policy.errors import BadInput
from policy.files import missing_file
from policy.words import Words

DELIMITERS = ",;|\t~^"
_MAX_CELL = 1_000_000
_BLOCK = 1 << 16
_LINE_END = re.compile(r"\r\n|\r|\n")
# Few enough that they are still in the processor's cache when their cells are sorted.
_ROWS_AT_ONCE = 250


class Delimited:
    """A text file with a delimiter."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self.name = str(path)
        self._path = path
        self._mapping = mapping
        self._encoding = _encoding(path, mapping)

    def first_rows(self, count: int) -> list[list[str]]:
        with self._open() as file:
            reader = csv.reader(self._without_nul(file), delimiter=self._mapping.delimiter or ",")
            try:
                return list(islice(reader, count))
            except csv.Error:
                raise self._stray_quote(1) from None

    def blocks(
        self, wanted: Sequence[str], identifiers: frozenset[str], rows_at_once: int
    ) -> Iterator[Block]:
        number = 0
        rows: list[list[str]] = []
        with self._open() as file:
            delimiter = self._mapping.delimiter or self._delimiter(file, wanted)
            reader = csv.reader(self._without_nul(file), delimiter=delimiter, strict=True)
            header = self._header(reader)
            at = positions(self.name, header, wanted)
            block = _Filling(at, len(header))
            while True:
                line, rows = reader.line_num, []
                try:
                    # What was read before an error stays in `rows` and gives its number.
                    rows.extend(islice(reader, min(rows_at_once, _ROWS_AT_ONCE)))
                    whole = True
                except csv.Error:
                    whole = False
                    if reader.line_num - line != sum(map(_lines_of, rows)) + 1:
                        raise self._stray_quote(number + len(rows) + 1) from None
                if reader.line_num - line > len(rows) + (not whole):
                    self._require_no_swallowed_rows(rows, number, delimiter, len(header))
                block.add(rows, number)
                number += len(rows)
                if not whole:
                    number += 1
                    block.refuse(number, STRAY_QUOTE)
                ended = whole and not rows
                if block.rows() >= rows_at_once or (block.rows() and ended):
                    yield block.done()
                    block = _Filling(at, len(header))
                if ended:
                    return

    def _header(self, reader: Iterator[list[str]]) -> list[str]:
        first = self._skipped()
        try:
            return header_of(list(islice(reader, first, first + self._mapping.header_lines)))
        except csv.Error:
            raise self._stray_quote(1) from None

    def _skipped(self) -> int:
        return self._mapping.header_row - 1

    @contextmanager
    def _open(self) -> Iterator[TextIOWrapper]:
        csv.field_size_limit(_MAX_CELL)
        try:
            with self._path.open(encoding=self._encoding, newline="") as file:
                yield file
        except UnicodeError:
            raise self._not_text() from None
        except OSError:
            raise missing_file(self._path) from None

    def _delimiter(self, file: TextIOWrapper, wanted: Sequence[str]) -> str:
        """The one under which the header has the most wanted columns, then the most cells."""
        line = next(islice(iter(file.readline, ""), self._skipped(), None), "")
        file.seek(0)

        def fit(mark: str) -> tuple[int, int]:
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=mark), [])]
            return len(set(wanted) & set(cells)), len(cells)

        return max(DELIMITERS, key=fit)

    def _without_nul(self, file: TextIOWrapper) -> Iterator[str]:
        """A NUL means a damaged or binary file; other readers would cut the cell there."""

        def checked() -> Iterator[list[str]]:
            number = 0
            while lines := file.readlines(_BLOCK):
                if "\0" in "".join(lines):
                    bad = next(i for i, line in enumerate(lines, number + 1) if "\0" in line)
                    raise self._nul(bad)
                number += len(lines)
                yield lines

        return chain.from_iterable(checked())

    def _require_no_swallowed_rows(
        self, rows: list[list[str]], before: int, delimiter: str, width: int
    ) -> None:
        """No cell of several lines may hold as many delimiters as a whole row has."""
        for number, cells in enumerate(rows, before + 1):
            if any(
                ("\n" in cell or "\r" in cell) and cell.count(delimiter) >= width - 1
                for cell in cells
            ):
                raise self._stray_quote(number)

    def _nul(self, line: int) -> BadInput:
        return BadInput(
            "file.nul",
            Words(
                f"{self.name}: ada karakter NUL pada baris teks {line}.",
                f"{self.name}: there is a NUL character in line {line} of the file.",
            ),
            Words("Ekspor ulang sebagai CSV UTF-8.", "Export it again as CSV UTF-8."),
        )

    def _not_text(self) -> BadInput:
        encoding = self._mapping.encoding
        byte, line = _first_undecodable(self._path, encoding)
        return BadInput(
            "file.encoding",
            Words(
                f"{self.name}: bukan teks {encoding} pada bita {byte}, baris teks {line}"
                f" (sekitar baris data {line - 1}).",
                f"{self.name}: not {encoding} text at byte {byte}, line {line} of the file"
                f" (about row {line - 1}).",
            ),
            Words(
                "Tulis 'encoding: latin-1' di pemetaan, atau simpan ulang sebagai CSV UTF-8.",
                "Write 'encoding: latin-1' in the mapping, or save it again as CSV UTF-8.",
            ),
        )

    def _stray_quote(self, number: int) -> BadInput:
        return BadInput(
            "file.csv",
            Words(
                f"{self.name}: tanda kutip tanpa pasangan atau CSV rusak di baris data {number}.",
                f"{self.name}: a quote without its pair, or damaged CSV, at data row {number}.",
            ),
            Words(
                "Perbaiki tanda kutip di baris itu, atau simpan ulang sebagai CSV.",
                "Mend the quotes in that row, or save it as CSV again.",
            ),
        )


class _Filling:
    """A block while it fills."""

    def __init__(self, at: list[int], width: int) -> None:
        self._width = width
        self._at = at
        self._numbers: list[int] = []
        self._columns: list[list[str]] = [[] for _ in at]
        self._refused: list[tuple[int, str]] = []

    def add(self, rows: list[list[str]], before: int) -> None:
        numbers: list[int] | range = range(before + 1, before + len(rows) + 1)
        if rows and set(map(len, rows)) != {self._width}:
            numbered = list(zip(numbers, rows, strict=True))
            self._refused += [
                (number, RAGGED_ROW if cells else BLANK_ROW)
                for number, cells in numbered
                if len(cells) != self._width
            ]
            numbers = [number for number, cells in numbered if len(cells) == self._width]
            rows = [cells for cells in rows if len(cells) == self._width]
        self._numbers.extend(numbers)
        if rows:
            cells = list(zip(*rows, strict=True))
            for column, position in zip(self._columns, self._at, strict=True):
                column.extend(cells[position])

    def refuse(self, number: int, rule: str) -> None:
        self._refused.append((number, rule))

    def rows(self) -> int:
        return len(self._numbers) + len(self._refused)

    def done(self) -> Block:
        return Block(self._numbers, self._columns, self._refused, [])


def _lines_of(cells: list[str]) -> int:
    """How many lines of the file the row took."""
    return 1 + sum(len(_LINE_END.findall(cell)) for cell in cells)


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


def _first_undecodable(path: Path, encoding: str) -> tuple[int, int]:
    """Byte offset from 0 and line from 1 of the first byte that is not text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset, line = 0, 1
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeError as error:
                start = error.start if isinstance(error, UnicodeDecodeError) else 0
                at = max(0, start - held)
                return offset - held + start, line + block.count(b"\n", 0, at)
            offset += len(block)
            line += block.count(b"\n")
    return offset, line
