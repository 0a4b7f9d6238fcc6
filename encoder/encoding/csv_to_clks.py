"""From a CSV file to clkhash's JSON; rows are read like by clkhash's own command line.

    every row is a CLK      a row that cannot be read or encoded stops the work with its number
    white space             is stripped around cells, as clkhash up to 0.18.1 does; `keep_spaces`
                            keeps it, as clkhash 0.18.2 and later do
    line ends in a cell     are one LF each, as clkhash's command line reads them
    header                  names the schema's columns in order; "ignored" skips a line of other
                            names, "none" takes the first line as a row: cells count by position

The reader is that of `prepare`: a stray quote or a NUL is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from encoder.encoding.clk import ClkEncoder, ValuesRefused, to_clkhash_json, to_version_3
from encoder.error_codes import EncoderCode
from encoder.source.mapping import Mapping
from encoder.source.readers import explain
from encoder.source.readers.delimited import Delimited
from encoder.source.readers.source import Block
from policy.base.errors import BadInput
from policy.base.files import missing_file, read_file
from policy.base.json_text import parse_json
from policy.base.output import Output
from policy.base.words import Words

MOST_SCHEMA_BYTES = 1 << 20
_ROWS_AT_ONCE = 10_000
Header = Literal["checked", "ignored", "none"]
_COMMA_SEPARATED = Mapping(record_id=None, fields={}, format="csv", delimiter=",")


def hash_csv(
    file: Path,
    schema_file: Path,
    secret_file: Path,
    out: Output,
    *,
    keep_spaces: bool = False,
    header: Header = "checked",
) -> int:
    """Write {"clks": [...]} with a CLK for each row; returns the rows.

    A checked header must name the schema's columns in order, as clkhash requires. Memory does not
    grow with the file.
    """
    clk = ClkEncoder(to_version_3(read_schema(schema_file)), read_secret(secret_file))
    if not file.is_file():
        # The file is read twice: the header first, then the rows.
        raise missing_file(file)
    try:
        work = _Hashing(clk, file, keep_spaces, header)
        out.write_stream(work.json())
    except BadInput as error:
        raise _without_mapping(error) from None
    return work.rows


@dataclass
class _Hashing:
    """The state while hashing one file; `rows` counts written rows."""

    clk: ClkEncoder
    file: Path
    keep_spaces: bool
    header: Header
    rows: int = 0

    def json(self) -> Iterator[bytes]:
        names = None if self.header == "checked" else self.clk.identifiers
        source = Delimited(self.file, _COMMA_SEPARATED, names, header=self.header != "none")
        if self.header == "checked":
            _check_header(self.file, source.first_rows(1), self.clk.identifiers)
        yield b'{"clks": ['
        for block in source.blocks(self.clk.identifiers, frozenset(), _ROWS_AT_ONCE):
            yield from self._clks(block)
        yield b"]}"

    def _clks(self, block: Block) -> Iterator[bytes]:
        if block.refused:
            raise _not_rows(self.file, block.refused)
        columns = map(self._as_clkhash_reads, block.columns)
        try:
            clks = self.clk.encode(dict(zip(self.clk.identifiers, columns, strict=True)))
        except ValuesRefused as error:
            raise _not_allowed(self.file, block.numbers, error) from None
        texts = json.dumps(to_clkhash_json(clks)["clks"])[1:-1].encode()
        yield b", " + texts if self.rows else texts
        self.rows += len(block.numbers)

    def _as_clkhash_reads(self, column: Sequence[str]) -> list[str]:
        if "\r" in "".join(column):
            column = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in column]
        return list(column) if self.keep_spaces else list(map(str.strip, column))


def read_secret(path: Path) -> bytes:
    """The secret without surrounding white space (an editor's); an empty secret is refused."""
    secret = read_file(path, limit=1 << 16).strip()
    if not secret:
        raise BadInput(
            EncoderCode.SECRET_EMPTY,
            Words(f"{path}: rahasianya kosong.", f"{path}: the secret is empty."),
            Words(
                "Tulis rahasia bersama ke berkas itu, sama di semua pihak.",
                "Write the shared secret into that file, the same at all parties.",
            ),
        )
    return secret


def read_schema(path: Path) -> dict[str, object]:
    """Read a linkage schema from JSON; raises BadInput."""
    try:
        schema = parse_json(read_file(path, limit=MOST_SCHEMA_BYTES))
    except ValueError:
        schema = None
    if not isinstance(schema, dict):
        raise BadInput(
            EncoderCode.SCHEMA_SYNTAX,
            Words(f"{path} bukan skema JSON.", f"{path} is not a JSON schema."),
            Words("Pakai skema clkhash versi 1 sampai 3.", "Use a clkhash schema, version 1 to 3."),
        )
    return schema


def _check_header(file: Path, lines: Sequence[Sequence[str]], wanted: Sequence[str]) -> None:
    header = [cell.strip() for line in lines for cell in line]
    if header != list(wanted):
        raise BadInput(
            EncoderCode.FILE_COLUMNS,
            Words(f"{file}: judul kolom berbeda dari skema.", f"{file}: header and schema differ."),
            Words(
                f"Kolom menurut skema, berurutan: {', '.join(wanted)}. Bila urutannya sudah benar"
                " dan hanya namanya lain: --check-header false; tanpa baris judul: --no-header.",
                f"Columns by the schema, in order: {', '.join(wanted)}. If only their names differ:"
                " --check-header false; if the file has no header: --no-header.",
            ),
        )


def _not_rows(file: Path, refused: Sequence[tuple[int, str]]) -> BadInput:
    number, rule = min(refused)
    why = explain(rule)
    return BadInput(
        EncoderCode.FILE_CSV,
        Words(
            f"{file}: baris data {number} tidak dapat dibaca: {why.id}.",
            f"{file}: data row {number} cannot be read: {why.en}.",
        ),
        Words(
            "Perbaiki baris itu: setiap baris menjadi satu CLK.",
            "Correct that row: every row becomes a CLK.",
        ),
    )


def _not_allowed(file: Path, numbers: Sequence[int], refused: ValuesRefused) -> BadInput:
    """An error for the first row with a value that the schema refuses, by number in the file."""
    row = refused.rows[0]
    column = next(name for name, rows in refused.columns.items() if row in rows)
    rule = refused.rules[column]
    return BadInput(
        EncoderCode.CLK_VALUES,
        Words(
            f"{file}: kolom '{column}', baris data {numbers[row]}: nilainya tidak sesuai skema,"
            f" {rule}.",
            f"{file}: column '{column}', data row {numbers[row]}: the value does not fit the"
            f" schema, {rule}.",
        ),
        refused.hint,
    )


def _without_mapping(error: BadInput) -> BadInput:
    """Replace the reader's advice to change a mapping: `hash` has no mapping."""
    if error.code != "file.encoding":
        return error
    hint = Words("Simpan ulang sebagai CSV UTF-8.", "Save it again as CSV UTF-8.")
    return BadInput(error.code, error.problem, hint)
