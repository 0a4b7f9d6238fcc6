"""From a CSV file to clkhash's JSON, row by row as clkhash's own command line reads it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from encoder.clk import ClkEncoder, to_clkhash_json
from policy.errors import BadInput
from policy.files import missing_file, read_file
from policy.output import Output
from policy.words import Words

_ROWS_AT_ONCE = 10_000


def hash_csv(file: Path, schema_file: Path, secret_file: Path, out: Output) -> int:
    """Write {"clks": [...]} with a CLK for each row; returns the rows.

    The header names the schema's columns in its order, as clkhash asks; white space around
    cells is stripped, as clkhash does. Memory does not grow with the file.
    """
    clk = ClkEncoder(_schema(schema_file), _secret(secret_file))
    counted = [0]
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.reader(source)
            _check_header(file, [cell.strip() for cell in next(reader, [])], clk.identifiers)
            out.write_stream(_json(clk, file, reader, counted))
    except OSError:
        raise missing_file(file) from None
    except UnicodeDecodeError:
        raise BadInput(
            "file.encoding",
            Words(f"{file}: bukan teks UTF-8.", f"{file}: not UTF-8 text."),
            Words("Simpan ulang sebagai CSV UTF-8.", "Save it again as CSV UTF-8."),
        ) from None
    except csv.Error:
        raise _not_rows(file, counted[0] + 1) from None
    return counted[0]


def _secret(path: Path) -> bytes:
    """White space around it is an editor's. Without a secret anybody could make the CLKs."""
    secret = read_file(path, limit=1 << 16).strip()
    if not secret:
        raise BadInput(
            "secret.empty",
            Words(f"{path}: rahasianya kosong.", f"{path}: the secret is empty."),
            Words(
                "Tulis rahasia bersama ke berkas itu, sama di semua pihak.",
                "Write the shared secret into that file, the same at all parties.",
            ),
        )
    return secret


def _schema(path: Path) -> dict[str, object]:
    try:
        schema = json.loads(read_file(path))
    except ValueError:
        schema = None
    if not isinstance(schema, dict):
        raise BadInput(
            "schema.syntax",
            Words(f"{path} bukan skema JSON.", f"{path} is no JSON schema."),
            Words("Pakai skema clkhash versi 3.", "Use a clkhash schema of version 3."),
        )
    return schema


def _json(
    clk: ClkEncoder, file: Path, reader: Iterator[list[str]], counted: list[int]
) -> Iterator[bytes]:
    yield b'{"clks": ['
    while rows := list(islice(reader, _ROWS_AT_ONCE)):
        for number, row in enumerate(rows, counted[0] + 1):
            if len(row) != len(clk.identifiers):
                raise _not_rows(file, number)
        columns = zip(*([cell.strip() for cell in row] for row in rows), strict=True)
        texts = to_clkhash_json(clk.encode(dict(zip(clk.identifiers, columns, strict=True))))
        separator = b", " if counted[0] else b""
        yield separator + json.dumps(texts["clks"])[1:-1].encode()
        counted[0] += len(rows)
    yield b"]}"


def _check_header(file: Path, header: Sequence[str], wanted: Sequence[str]) -> None:
    if list(header) != list(wanted):
        raise BadInput(
            "file.columns",
            Words(f"{file}: judul kolom berbeda dari skema.", f"{file}: header and schema differ."),
            Words(
                f"Kolom menurut skema, berurutan: {', '.join(wanted)}.",
                f"Columns by the schema, in order: {', '.join(wanted)}.",
            ),
        )


def _not_rows(file: Path, number: int) -> BadInput:
    return BadInput(
        "file.csv",
        Words(
            f"{file}: baris data {number} tidak sesuai judul kolom.",
            f"{file}: data row {number} does not fit the header.",
        ),
        Words("Perbaiki baris itu.", "Mend that row."),
    )
