"""Parquet by pyarrow (extra `parquet`), one batch at a time."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from encoder.error_codes import EncoderCode
from encoder.source.mapping import Mapping
from encoder.source.readers.source import Block, SourceNote, lost_digits, positions, text_of
from policy.base.errors import BadInput
from policy.base.extras import require_extra
from policy.base.files import missing_file
from policy.base.words import Words


class Parquet:
    """A Parquet file. Integers are exact; a NIK stored as a float is not."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self.name = str(path)
        self._path = path

    def notes(self) -> tuple[SourceNote, ...]:
        return ()

    def first_rows(self, count: int) -> list[list[str]]:
        with self._open() as file:
            header = list(file.schema_arrow.names)
            batches = file.iter_batches(batch_size=max(1, count))
            rows = [
                [text_of(cell) for cell in row.values()]
                for batch in islice(batches, 1)
                for row in batch.to_pylist()
            ]
        return [header, *rows[: count - 1]]

    def blocks(
        self, wanted: Sequence[str], identifiers: frozenset[str], rows_at_once: int
    ) -> Iterator[Block]:
        number = 0
        with self._open() as file:
            positions(self.name, list(file.schema_arrow.names), wanted)
            for batch in file.iter_batches(batch_size=rows_at_once, columns=list(wanted)):
                cells = [batch.column(column).to_pylist() for column in wanted]
                rounded = [
                    (row, i)
                    for i, column in enumerate(wanted)
                    if column in identifiers
                    for row, cell in enumerate(cells[i])
                    if lost_digits(cell)
                ]
                numbers = list(range(number + 1, number + batch.num_rows + 1))
                columns = [[text_of(cell) for cell in column] for column in cells]
                yield Block(numbers, columns, [], rounded)
                number += batch.num_rows

    @contextmanager
    def _open(self) -> Iterator[Any]:
        require_extra("parquet", "pyarrow")
        arrow: Any = importlib.import_module("pyarrow")
        parquet: Any = importlib.import_module("pyarrow.parquet")
        try:
            with parquet.ParquetFile(self._path) as file:
                yield file
        except arrow.ArrowInvalid:
            raise BadInput(
                EncoderCode.FILE_PARQUET,
                Words(
                    f"{self.name}: bukan berkas Parquet yang utuh.",
                    f"{self.name}: not a whole Parquet file.",
                ),
                Words("Ekspor ulang berkas itu.", "Export the file again."),
            ) from None
        except OSError:
            raise missing_file(self._path) from None
