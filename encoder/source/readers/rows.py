"""The mapped fields of a source in chunks: every row is encoded or refused, and none is lost."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path

from encoder.base.pieces import packed, unpacked
from encoder.source.mapping import FieldSource, Mapping, columns_of
from encoder.source.plausible import require_order, require_plausible
from encoder.source.readers.not_people import not_people
from encoder.source.readers.open import open_source
from encoder.source.readers.rounding import rounded_columns, rounded_rows
from encoder.source.readers.rules import NO_RECORD_ID, STATUS
from encoder.source.readers.source import Block, SourceNote, empty
from policy.charter import FieldKind


@dataclass(frozen=True)
class Chunk:
    """Some rows of a source, with every cell as written.

    `refused` are rows that are not read further, by number and rule. `damaged` are cells that a
    spreadsheet may have changed or left out, by field, position and rule of CELL_RULES.
    """

    row_numbers: list[int]
    record_ids: list[str] = field(repr=False)
    columns: dict[str, list[str]] = field(repr=False)
    refused: list[tuple[int, str]]
    damaged: list[tuple[str, int, str]] = field(default_factory=list)

    def __reduce__(self) -> tuple[object, ...]:
        columns = {name: packed(cells) for name, cells in self.columns.items()}
        ids = packed(self.record_ids)
        return _arrived, (self.row_numbers, ids, columns, self.refused, self.damaged)


def _arrived(
    row_numbers: list[int],
    record_ids: str | list[str],
    columns: dict[str, str | list[str]],
    refused: list[tuple[int, str]],
    damaged: list[tuple[str, int, str]],
) -> Chunk:
    """Rebuild a chunk in another process."""
    cells = {name: unpacked(each) for name, each in columns.items()}
    return Chunk(row_numbers, unpacked(record_ids), cells, refused, damaged)


def read_rows(
    path: Path,
    mapping: Mapping,
    kinds: AnyMapping[str, FieldKind],
    rows_at_once: int,
    *,
    notes: list[SourceNote] | None = None,
) -> Iterator[Chunk]:
    """The mapped fields in chunks; the first chunk is used to check whole columns.

    `notes` receives the notes on the file as a whole after its end was read.
    """
    source = open_source(path, mapping)
    identifiers = _identifiers(mapping, kinds)
    wanted = mapping.source_columns()
    rounded: frozenset[str] | None = None
    for block in source.blocks(wanted, frozenset(identifiers), rows_at_once):
        first = rounded is None
        if rounded is None:
            rounded = rounded_columns(dict(zip(wanted, block.columns, strict=True)), identifiers)
        chunk = _chunk(block, mapping, wanted, identifiers, rounded)
        if first:
            for name, kind in kinds.items():
                cells = chunk.columns.get(name, [])
                require_plausible(path, name, kind, cells)
                if kind == "date" and mapping.order_of(name) is None:
                    require_order(path, name, cells)
        yield chunk
    if rounded is None:
        raise empty(source.name)
    if notes is not None:
        notes += source.notes()


def read_columns(
    path: Path, mapping: Mapping, columns: tuple[str, ...]
) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells of these columns) of every undamaged row, for local lists."""
    # The mapping's columns must be there too: the source must be the same.
    wanted = tuple(dict.fromkeys((*columns, *mapping.source_columns())))
    for block in open_source(path, mapping).blocks(wanted, frozenset(), 10_000):
        cells = (block.columns[wanted.index(column)] for column in columns)
        for number, *row in zip(block.numbers, *cells, strict=True):
            yield number, [str(cell) for cell in row]


def first_cells(
    path: Path, mapping: Mapping, columns: tuple[str, ...], count: int
) -> dict[str, list[str]]:
    """The cells of the first rows that may be people, one list for each of these columns."""
    for block in open_source(path, mapping).blocks(columns, frozenset(), count):
        others = not_people(columns, block.columns)
        return {
            column: [str(cell) for at, cell in enumerate(cells) if at not in others]
            for column, cells in zip(columns, block.columns, strict=True)
        }
    return {column: [] for column in columns}


def _identifiers(mapping: Mapping, kinds: AnyMapping[str, FieldKind]) -> dict[str, FieldKind]:
    """The columns that hold a NIK or a KK, with their kind."""
    return {
        source: kinds[name]
        for name, source in mapping.fields.items()
        if isinstance(source, str) and kinds.get(name) in ("nik", "kk")
    }


def _chunk(
    block: Block,
    mapping: Mapping,
    wanted: tuple[str, ...],
    identifiers: dict[str, FieldKind],
    rounded: frozenset[str],
) -> Chunk:
    by_column = dict(zip(wanted, block.columns, strict=True))
    numbers = block.numbers
    dropped: dict[int, str] = {}
    if mapping.status is not None:
        left_out = mapping.status.keeps_out(by_column[mapping.status.column])
        dropped = dict.fromkeys(left_out, STATUS)
    record_ids = mapping.record_ids(by_column, numbers)
    if "" in record_ids:
        dropped |= {row: NO_RECORD_ID for row, cell in enumerate(record_ids) if not cell}
    dropped |= not_people(wanted, block.columns)
    columns = {
        name: _joined(source, by_column, len(numbers)) for name, source in mapping.fields.items()
    }
    damaged = _damaged(block, mapping, wanted, identifiers, by_column, rounded)
    refused = block.refused
    if dropped:
        refused = sorted([*refused, *((numbers[row], rule) for row, rule in dropped.items())])
        kept = [row for row in range(len(numbers)) if row not in dropped]
        columns = {name: [cells[row] for row in kept] for name, cells in columns.items()}
        record_ids = [record_ids[row] for row in kept]
        numbers = [numbers[row] for row in kept]
        now_at = {row: at for at, row in enumerate(kept)}
        damaged = [(name, now_at[row], rule) for name, row, rule in damaged if row in now_at]
    return Chunk(numbers, record_ids, columns, refused, damaged)


def _damaged(
    block: Block,
    mapping: Mapping,
    wanted: tuple[str, ...],
    identifiers: dict[str, FieldKind],
    by_column: dict[str, list[str]],
    rounded: frozenset[str],
) -> list[tuple[str, int, str]]:
    """(field, position of the row, rule) of cells that a spreadsheet may have changed."""
    found = [(wanted[column], row, "NUMBER") for row, column in block.rounded]
    found += [(wanted[column], row, "UNCOMPUTED") for row, column in block.uncomputed]
    found += [
        (column, row, "ROUNDED") for column in rounded for row in rounded_rows(by_column[column])
    ]
    if not found:
        return []
    fields: dict[str, list[str]] = {}
    for name, source in mapping.fields.items():
        for column in columns_of(source):
            fields.setdefault(column, []).append(name)
    return sorted(
        {
            (name, row, f"{identifiers.get(column, 'cell').upper()}_{rule}")
            for column, row, rule in found
            for name in fields.get(column, ())
        }
    )


def _joined(source: FieldSource, by_column: dict[str, list[str]], count: int) -> list[str]:
    if source is None:
        return [""] * count
    if isinstance(source, str):
        return by_column[source]
    return source.join_columns([by_column[column] for column in source.columns()])
