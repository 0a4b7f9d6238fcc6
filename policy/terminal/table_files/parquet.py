"""A Parquet file, all columns as strings."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

_ROWS_AT_ONCE = 50_000


def write_parquet(path: Path, header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Write the rows with all columns as strings."""
    pa: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    schema = pa.schema([(name, pa.string()) for name in header])
    remaining = iter(rows)
    with parquet.ParquetWriter(str(path), schema) as writer:
        while some := list(islice(remaining, _ROWS_AT_ONCE)):
            columns = [[str(cell) for cell in column] for column in zip(*some, strict=True)]
            arrays = [pa.array(column, pa.string()) for column in columns]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
