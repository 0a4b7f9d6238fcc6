"""Rows to encodings: plain CLKs by a clkhash schema, or a charter's hardened ones."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, cast

import numpy as np
from narwhals.typing import IntoDataFrameT
from numpy.typing import NDArray

from encoder.encoding.clk import ClkEncoder, ValuesRefused, to_version_3
from encoder.encoding.csv_to_clks import read_schema
from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder, identifiers
from padan.frames import Frame, Progress, Values, opened, require_columns, silent, table, texts
from padan.secret import Secret, project_secret, secret_bytes
from policy.charter import Charter
from policy.formats.bundle_row import HANDLE_BYTES

_ROWS_AT_ONCE = 10_000
RECORD_ID = "record_id"

Schema = Mapping[str, object] | str | os.PathLike[str]


def load_schema(schema: Schema) -> dict[str, object]:
    """A clkhash linkage schema: from a dict, a JSON file, or the name of a schema in Padan.

    Padan includes `febrl4` and `padan-id-1`. Schemas of version 1 and 2 are converted to version 3,
    as clkhash does. Raises BadInput (`schema.syntax`, `schema.invalid`, `file.missing`).
    """
    if isinstance(schema, Mapping):
        return to_version_3(schema)
    shipped = resources.files("encoder") / "schemas" / f"{schema}.json"
    if isinstance(schema, str) and Path(schema).name == schema and shipped.is_file():
        found: dict[str, object] = json.loads(shipped.read_text(encoding="utf-8"))
        return found
    return to_version_3(read_schema(Path(schema)))


def encode_plain(
    frame: IntoDataFrameT,
    schema: Schema,
    secret: Secret | bytes,
    *,
    record_id: str = RECORD_ID,
    progress: Progress = silent,
) -> IntoDataFrameT:
    """A table with `record_id` (String, if the frame has that column) and `clk` (bytes).

    `clk` is bit for bit the CLK of clkhash for the same schema, secret and row. Rows keep their
    order. `progress` receives the rows done and their total.

    Plain CLKs give no protection against a holder of a population register. Raises BadInput:
    `schema.*`, `frame.columns` for a feature without a column, `clk.values` (with the rows) for
    a value that the schema does not allow.
    """
    given, document = opened(frame), load_schema(schema)
    encoder = ClkEncoder(document, secret_bytes(secret))
    names = _needed(document)
    require_columns(given, *names)
    columns = {name: texts(given, name) for name in names}
    rows = len(given)
    clks = np.empty((rows, -(-encoder.bits // 8)), np.uint8)
    refused: dict[str, list[int]] = {}
    rules: dict[str, str] = {}
    for start in range(0, rows, _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, rows)
        try:
            some = {name: cells[start:stop] for name, cells in columns.items()}
            clks[start:stop] = encoder.encode(some)
        except ValuesRefused as error:
            rules |= error.rules
            for name, at in error.columns.items():
                refused.setdefault(name, []).extend(start + row for row in at)
        progress(stop, rows)
    if refused:
        raise ValuesRefused(refused, rules)
    made: IntoDataFrameT = _encoded(given, record_id, "clk", clks)
    return made


def encode_hardened(
    frame: IntoDataFrameT,
    charter: Charter,
    secret: Secret | bytes,
    *,
    record_id: str = RECORD_ID,
    progress: Progress = silent,
) -> IntoDataFrameT:
    """A table with `record_id` (String, if there) and `encoded` (bytes), by a charter's terms.

    `encoded` is the row as in a bundle (handle, encodings, block tags, contrary codes,
    NIK token); the handle is drawn at random. The frame is the result of `normalise(frame,
    charter)`.
    `secret` has at least 32 bytes; in a project it is the key that the parties agree on.

    Raises BadInput: `secret.short`, `frame.columns`; Refused: `terms.rules` if the charter
    names other normalisation rules than this version's.
    """
    given = opened(frame)
    encoder = RowEncoder(charter, ProjectKeys(project_secret(secret), charter.terms_digest()))
    names = identifiers(charter)
    require_columns(given, *names)
    columns = [texts(given, name) for name in names]
    rows = len(given)
    encoded = np.empty((rows, encoder.row_bytes), np.uint8)
    for start in range(0, rows, _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, rows)
        handles = [os.urandom(HANDLE_BYTES) for _ in range(start, stop)]
        some = [cells[start:stop] for cells in columns]
        encoded[start:stop] = encoder.encode_columns(handles, some)
        progress(stop, rows)
    made: IntoDataFrameT = _encoded(given, record_id, "encoded", encoded)
    return made


def _needed(schema: Mapping[str, object]) -> list[str]:
    """The columns that a schema encodes; ClkEncoder has accepted it."""
    features = cast(Sequence[Mapping[str, object]], schema["features"])
    return [str(each["identifier"]) for each in features if not each.get("ignored")]


def _encoded(frame: Frame, record_id: str, name: str, encoded: NDArray[np.uint8]) -> Any:
    columns: dict[str, Values] = {}
    if record_id != RECORD_ID or record_id in frame.columns:
        columns[RECORD_ID] = texts(frame, record_id)
    return table({**columns, name: encoded}, frame.implementation)
