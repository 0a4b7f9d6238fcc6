"""CSV with any delimiter and encoding, read strictly: malformed rows are refused, not repaired.

A row with too few or too many cells is refused by its number. So is a blank row, a row with a
stray quote, and a row with invalid UTF-8 in a UTF-8 file. If a quote swallows rows, reading
stops: the swallowed rows cannot be counted.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path

from encoder.error_codes import EncoderCode
from encoder.source.mapping import Mapping
from encoder.source.readers.encodings import encoding_name, require_not_utf8, survey
from encoder.source.readers.rules import BLANK_ROW, NOT_UTF8, RAGGED_ROW, STRAY_QUOTE
from encoder.source.readers.source import Block, SourceNote, header_of, listed, positions
from policy.base.errors import BadInput
from policy.base.files import missing_file
from policy.base.words import Words

DELIMITERS = ",;|\t~^"
_MAX_CELL = 1_000_000
_BLOCK = 1 << 16
_LINE_END = re.compile(r"\r\n|\r|\n")
# The decoder's replacement for an undecodable byte.
_BAD_BYTE = re.compile("[\udc80-\udcff]")
_UTF8 = "utf-8-sig"
_WIDE = ("utf-16", "utf-32")
# Few enough rows to stay in the processor's cache while their cells are sorted.
_ROWS_AT_ONCE = 250


class Delimited:
    """A text file with a delimiter.

    With `names`, columns have these names by position, and the file's own names are ignored.
    Without a `header`, its first line is a row.
    """

    def __init__(
        self,
        path: Path,
        mapping: Mapping,
        names: Sequence[str] | None = None,
        *,
        header: bool = True,
    ) -> None:
        self.name = str(path)
        self._path = path
        self._mapping = mapping
        self._names = names
        self._has_header = header
        named = encoding_name(path, mapping.encoding)
        # Excel's byte order mark is not part of the first header.
        self._encoding = _UTF8 if named == "utf-8" else named
        self._all_ascii = False  # known after all lines were read

    def first_rows(self, count: int) -> list[list[str]]:
        wanted = self._mapping.source_columns()
        with self._open() as file:
            found = self._delimiter(file, wanted) if wanted else ","
            lines = self._without_nul(file, deque())
            reader = csv.reader(lines, delimiter=self._mapping.delimiter or found)
            try:
                return [list(map(_readable, row)) for row in islice(reader, count)]
            except csv.Error:
                raise self._stray_quote(1) from None

    def blocks(
        self, wanted: Sequence[str], identifiers: frozenset[str], rows_at_once: int
    ) -> Iterator[Block]:
        if self._encoding != _UTF8 and not self._encoding.startswith(_WIDE):
            require_not_utf8(self._path, self.name, self._mapping.encoding)
        number = 0
        rows: list[list[str]] = []
        damaged: deque[int] = deque()
        with self._open() as file:
            delimiter = self._mapping.delimiter or self._delimiter(file, wanted)
            reader = csv.reader(self._without_nul(file, damaged), delimiter=delimiter, strict=True)
            header = self._header(reader, wanted)
            at = positions(self.name, header, wanted)
            block = _Filling(at, len(header))
            while True:
                line, rows = reader.line_num, []
                try:
                    # Rows read before an error stay in `rows` and give its number.
                    rows.extend(islice(reader, min(rows_at_once, _ROWS_AT_ONCE)))
                    whole = True
                except csv.Error:
                    whole = False
                    if reader.line_num - line != sum(map(_lines_of, rows)) + 1:
                        raise self._stray_quote(number + len(rows) + 1) from None
                if reader.line_num - line > len(rows) + (not whole):
                    self._require_no_swallowed_rows(rows, number, delimiter, len(header))
                block.add(rows, number, suspect=bool(damaged) and damaged[0] <= reader.line_num)
                while damaged and damaged[0] <= reader.line_num:
                    damaged.popleft()
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

    def notes(self) -> tuple[SourceNote, ...]:
        if self._encoding.startswith(_WIDE) or self._all_ascii:
            return ()
        found = survey(self._path)
        notes = []
        if self._encoding == _UTF8 and found.damaged and found.encoding() == "utf-8":
            notes.append(self._damaged_rows(found.damaged))
        misread = found.misread if self._encoding == _UTF8 else found.utf8
        if misread:
            notes.append(
                SourceNote(
                    "mojibake",
                    misread,
                    Words(
                        f"{misread} baris berisi huruf yang sudah rusak sebelumnya, seperti Ã©"
                        " atau â€™; minta ekspor ulang sebagai UTF-8.",
                        f"{misread} line{'s' * (misread != 1)} of the file hold letters that were"
                        " damaged before, such as Ã© or â€™; ask for another export as UTF-8.",
                    ),
                )
            )
        return tuple(notes)

    def _damaged_rows(self, lines: int) -> SourceNote:
        """A note on damaged rows, by row number; a damaged header has none."""
        rows: list[int] = []
        try:
            for block in self.blocks((), frozenset(), 10_000):
                rows += [number for number, rule in block.refused if rule == NOT_UTF8]
        except BadInput:
            rows = []  # reading the rows reports the error
        if not rows:
            return _above_the_rows(lines)
        above = (self._mapping.first_line() or 1) - 1 if self._has_header else 0
        count, told = len(rows), listed([above + row for row in rows])
        return SourceNote(
            NOT_UTF8,
            count,
            Words(
                f"Hampir seluruh teksnya UTF-8; {count} baris bukan UTF-8 dan ditolak: baris"
                f" {told}.",
                f"Nearly all of the text is UTF-8; {count} row{'s' * (count != 1)} that"
                f" {'is' if count == 1 else 'are'} not UTF-8 will be refused: row {told}.",
            ),
            tuple(rows[:100]),
        )

    def _header(self, reader: Iterator[list[str]], wanted: Sequence[str]) -> list[str]:
        if not self._has_header:
            return list(self._names or ())
        read = self._read_header(reader, wanted)
        return read if self._names is None else list(self._names)

    def _read_header(self, reader: Iterator[list[str]], wanted: Sequence[str]) -> list[str]:
        first = self._skipped()
        try:
            lines = islice(reader, first, first + self._mapping.header_lines)
            return header_of([list(map(_readable, line)) for line in lines], wanted)
        except csv.Error:
            raise self._stray_quote(1) from None

    def _skipped(self) -> int:
        return self._mapping.header_row - 1

    @contextmanager
    def _open(self) -> Iterator[TextIOWrapper]:
        csv.field_size_limit(_MAX_CELL)
        try:
            errors = "surrogateescape" if self._encoding == _UTF8 else "strict"
            with self._path.open(encoding=self._encoding, newline="", errors=errors) as file:
                yield file
        except UnicodeError:
            raise self._not_text() from None
        except OSError:
            raise missing_file(self._path) from None

    def _delimiter(self, file: TextIOWrapper, wanted: Sequence[str]) -> str:
        """The delimiter that gives the header the most wanted columns, then the most cells."""
        line = next(islice(iter(file.readline, ""), self._skipped(), None), "")
        file.seek(0)

        def fit(mark: str) -> tuple[int, int]:
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=mark), [])]
            return len(set(wanted) & set(cells)), len(cells)

        return max(DELIMITERS, key=fit)

    def _without_nul(self, file: TextIOWrapper, damaged: deque[int]) -> Iterator[str]:
        """A NUL means a damaged or binary file; other readers would cut the cell there.

        `damaged` gets the numbers of lines with bytes that are not text.
        """

        def checked() -> Iterator[list[str]]:
            number, plain = 0, True
            while lines := file.readlines(_BLOCK):
                together = "".join(lines)
                if "\0" in together:
                    bad = next(i for i, line in enumerate(lines, number + 1) if "\0" in line)
                    raise self._nul(bad)
                if not together.isascii():
                    plain = False
                    if not _is_text(together):
                        self._require_mostly_utf8()
                        damaged.extend(
                            i for i, line in enumerate(lines, number + 1) if not _is_text(line)
                        )
                number += len(lines)
                yield lines
            self._all_ascii = plain

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
            EncoderCode.FILE_NUL,
            Words(
                f"{self.name}: ada karakter NUL pada baris teks {line}.",
                f"{self.name}: there is a NUL character in line {line} of the file.",
            ),
            Words("Ekspor ulang sebagai CSV UTF-8.", "Export it again as CSV UTF-8."),
        )

    def _require_mostly_utf8(self) -> None:
        found = survey(self._path).encoding()
        if found != "utf-8":
            raise self._not_text(found)

    def _not_text(self, found: str | None = None) -> BadInput:
        encoding = self._mapping.encoding
        byte, line = _first_undecodable(self._path, encoding)
        return BadInput(
            EncoderCode.FILE_ENCODING,
            Words(
                f"{self.name}: bukan teks {encoding} pada byte {byte}, baris {line}.",
                f"{self.name}: not {encoding} text at byte {byte}, line {line} of the file.",
            ),
            Words("Simpan ulang sebagai CSV UTF-8.", "Save it again as CSV UTF-8.")
            if found is None
            else Words(
                f"Tulis 'encoding: {found}' di pemetaan, atau simpan ulang sebagai CSV UTF-8.",
                f"Write 'encoding: {found}' in the mapping, or save it again as CSV UTF-8.",
            ),
        )

    def _stray_quote(self, number: int) -> BadInput:
        return BadInput(
            EncoderCode.FILE_CSV,
            Words(
                f"{self.name}: tanda kutip tanpa pasangan atau CSV rusak di baris data {number}.",
                f"{self.name}: a quote without its pair, or damaged CSV, at data row {number}.",
            ),
            Words(
                "Perbaiki tanda kutip di baris itu, atau simpan ulang sebagai CSV.",
                "Correct the quotes in that row, or save it as CSV again.",
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

    def add(self, rows: list[list[str]], before: int, *, suspect: bool = False) -> None:
        """Add rows; `suspect` rows are searched for undecodable bytes."""
        numbers: list[int] | range = range(before + 1, before + len(rows) + 1)
        if suspect:
            bad = {n for n, cells in zip(numbers, rows, strict=True) if not _is_text(*cells)}
            self._refused += [(number, NOT_UTF8) for number in sorted(bad)]
            rows = [cells for n, cells in zip(numbers, rows, strict=True) if n not in bad]
            numbers = [number for number in numbers if number not in bad]
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


def _above_the_rows(lines: int) -> SourceNote:
    return SourceNote(
        NOT_UTF8,
        lines,
        Words(
            "Judul kolom atau baris di atasnya memuat byte yang bukan UTF-8; perbaiki namanya.",
            "The names of the columns, or lines above them, hold bytes that are not UTF-8;"
            " correct the names.",
        ),
    )


def _is_text(*cells: str) -> bool:
    """Whether every byte of these cells could be decoded."""
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True


def _readable(cell: str) -> str:
    """The cell for a screen, which cannot show an undecodable byte."""
    return _BAD_BYTE.sub("\N{REPLACEMENT CHARACTER}", cell)


def _lines_of(cells: list[str]) -> int:
    """The number of lines that the row takes in the file."""
    return 1 + sum(len(_LINE_END.findall(cell)) for cell in cells)


def _first_undecodable(path: Path, encoding: str) -> tuple[int, int]:
    """Byte offset (from 0) and line (from 1) of the first undecodable byte."""
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
