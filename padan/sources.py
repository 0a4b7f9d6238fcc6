"""A source file as a table: `encoder.source.readers` for a notebook."""

from __future__ import annotations

import os
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from encoder.quality.profile import DEFAULT_KINDS
from encoder.source.cell_values import kinds_of
from encoder.source.mapping import Mapping, load_mapping, parse_mapping
from encoder.source.readers import Chunk, read_rows
from encoder.source.readers.source import SourceNote
from encoder.steps.inspect import inspect_source
from padan.frames import Backend, Progress, silent, table
from policy.charter import FieldKind

_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Source:
    """The rows read from a source, every row in `rows` or in `refused`.

    `rows` has `row_number` (Int64, from 1, the header not counted), `record_id` (String) and a
    String column for each field of the mapping, with cells as written. `refused` has
    `row_number` and `rule` of the rows that cannot be encoded. `damaged` has `field`,
    `row_number` and `rule` of cells that a spreadsheet may have changed; `rows` has '' there.
    `notes` are facts about the whole file, without cells.
    """

    rows: Any = field(repr=False)
    refused: Any = field(repr=False)
    damaged: Any = field(repr=False)
    notes: tuple[SourceNote, ...]
    mapping: Mapping


def read_source(
    path: str | os.PathLike[str],
    mapping: Mapping | AnyMapping[str, Any] | str | os.PathLike[str] | None = None,
    kinds: AnyMapping[str, FieldKind] | None = None,
    *,
    backend: Backend = "pandas",
    progress: Progress = silent,
) -> Source:
    """Read CSV, Excel, ods, Parquet, dbf, SPSS or Stata, or `env:NAME` for a database.

    `mapping` assigns columns to fields: a YAML file of `padan-encoder inspect`, the same as a
    dict, or None for a proposal from the column names. `kinds` are the kinds of the
    fields (`name`, `date`, `sex`, `place`, `nik`, ...) that differ from the usual ones;
    columns that do not look like their kind are refused. `progress` receives the rows read so far.

    Raises BadInput: `file.*` for a file that cannot be read, `mapping.*` for a mapping.
    """
    source = Path(path)
    mapped = mapping_of(mapping, source)
    known = kinds_of(mapped, DEFAULT_KINDS if kinds is None else kinds)
    notes: list[SourceNote] = []
    chunks = []
    done = 0
    for chunk in read_rows(source, mapped, known, _ROWS_AT_ONCE, notes=notes):
        chunks.append(chunk)
        done += len(chunk.row_numbers) + len(chunk.refused)
        progress(done, 0)
    names = tuple(mapped.fields)
    return Source(
        rows=_rows(chunks, names, backend),
        refused=_refused(chunks, backend),
        damaged=_damaged(chunks, backend),
        notes=tuple(notes),
        mapping=mapped,
    )


def mapping_of(
    mapping: Mapping | AnyMapping[str, Any] | str | os.PathLike[str] | None, source: Path
) -> Mapping:
    """The mapping in any form; without one, the proposed mapping for the source."""
    if mapping is None:
        return inspect_source(source).mapping
    if isinstance(mapping, Mapping):
        return mapping
    if isinstance(mapping, str | os.PathLike):
        return load_mapping(Path(mapping))
    return parse_mapping(dict(mapping), Path("mapping"))


def _rows(chunks: list[Chunk], names: tuple[str, ...], backend: Backend) -> Any:
    columns: dict[str, list[str]] = {name: [] for name in names}
    for chunk in chunks:
        for name in names:
            cells = list(chunk.columns[name])
            for at in (at for damaged, at, _ in chunk.damaged if damaged == name):
                cells[at] = ""
            columns[name] += cells
    numbers = np.array([n for chunk in chunks for n in chunk.row_numbers], np.int64)
    ids = [record_id for chunk in chunks for record_id in chunk.record_ids]
    return table({"row_number": numbers, "record_id": ids, **columns}, backend)


def _refused(chunks: list[Chunk], backend: Backend) -> Any:
    refused = [each for chunk in chunks for each in chunk.refused]
    numbers = np.array([number for number, _ in refused], np.int64)
    return table({"row_number": numbers, "rule": [rule for _, rule in refused]}, backend)


def _damaged(chunks: list[Chunk], backend: Backend) -> Any:
    damaged = [
        (name, chunk.row_numbers[at], rule) for chunk in chunks for name, at, rule in chunk.damaged
    ]
    return table(
        {
            "field": [name for name, _, _ in damaged],
            "row_number": np.array([number for _, number, _ in damaged], np.int64),
            "rule": [rule for _, _, rule in damaged],
        },
        backend,
    )
