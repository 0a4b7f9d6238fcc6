"""clkhash's files: its JSON of CLKs, both ways, and CLKs by its schemas of version 1, 2 and 3.

    read_clks      {"clks": [base64, ...]} to a table with the column `clk`
    write_clks     a table with the column `clk` to that JSON
    generate_clks  rows of cells to CLKs, as `clkhash.clk.generate_clks`

clkhash itself is not needed: CLKs are bit for bit those of clkhash 0.17.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from encoder.encoding.clk import ClkEncoder, from_clkhash_json, to_clkhash_json
from padan.encoding import RECORD_ID, Schema, load_schema
from padan.frames import Backend, Values, filters, opened, table
from padan.secret import Secret, secret_bytes
from policy.base.errors import BadInput
from policy.base.files import read_file, write_file
from policy.base.json_text import parse_json
from policy.base.words import Words

MOST_BYTES = 1 << 32


def read_clks(path: str | os.PathLike[str], *, backend: Backend = "pandas") -> Any:
    """A table with `clk` (bytes) from a file of clkhash, anonlink-client or Padan.

    Raises BadInput (`clk.json`) for any other file.
    """
    file = Path(path)
    try:
        document = parse_json(read_file(file, limit=MOST_BYTES))
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise _no_clks(file)
    return table({"clk": from_clkhash_json(document)}, backend)


def write_clks(frame: Any, path: str | os.PathLike[str]) -> int:
    """Write the column `clk` as clkhash's JSON, in the order of the rows; returns the rows."""
    clks = filters(opened(frame), "clk")
    write_file(Path(path), json.dumps(to_clkhash_json(clks)).encode())
    return len(clks)


def generate_clks(
    rows: Sequence[Sequence[str]],
    schema: Schema,
    secret: Secret | bytes,
    *,
    record_ids: Sequence[str] | None = None,
    backend: Backend = "pandas",
) -> Any:
    """A table with `clk` (bytes), one row each, from cells in the order of the schema's features.

    Cells are used unchanged: white space around them counts, as in clkhash's function.
    With `record_ids` the table has that column too. Raises BadInput: `schema.*`, `clk.values`,
    and `clk.rows` for a row with another number of cells.
    """
    encoder = ClkEncoder(load_schema(schema), secret_bytes(secret))
    width = len(encoder.identifiers)
    wrong = next((number for number, row in enumerate(rows) if len(row) != width), None)
    if wrong is not None:
        raise _ragged(wrong, width)
    cells = list(zip(*rows, strict=True)) or [()] * width
    clks = encoder.encode(dict(zip(encoder.identifiers, cells, strict=True)))
    columns: dict[str, Values] = {} if record_ids is None else {RECORD_ID: list(record_ids)}
    return table({**columns, "clk": np.asarray(clks)}, backend)


def _no_clks(path: Path) -> BadInput:
    return BadInput(
        "clk.json",
        Words(f"{path}: bukan CLK dalam JSON clkhash.", f"{path}: no CLKs in clkhash's JSON."),
        Words(
            'Bentuknya {"clks": [...]}: base64, semua sama panjang.',
            'Its form is {"clks": [...]}: base64, all of one length.',
        ),
    )


def _ragged(row: int, width: int) -> BadInput:
    return BadInput(
        "clk.rows",
        Words(
            f"Baris ke-{row} (dihitung dari 0) tidak berisi {width} sel.",
            f"Row {row} (counted from 0) does not have {width} cells.",
        ),
        Words(
            "Berikan satu sel untuk setiap fitur skema, dalam urutannya.",
            "Give a cell for each feature of the schema, in their order.",
        ),
    )
