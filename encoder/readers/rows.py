"""The mapped fields of a source in chunks: every row encoded or refused, none lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path

from encoder.mapping import FieldSource, Mapping
from encoder.pieces import packed, unpacked
from encoder.plausible import require_plausible
from encoder.readers.open import open_source
from encoder.readers.rules import NO_RECORD_ID, NUMBER_CELL, SCIENTIFIC, STATUS
from encoder.readers.source import Block, empty
from policy.charter import FieldKind

_E_NOTATION = re.compile(r"\s*'?\d([.,]\d*)?[Ee]\+?\d+\s*")


@dataclass(frozen=True)
class Chunk:
    """Some rows of a source.

    `refused` are rows that are not encoded, by number and rule; `noted` are rows that are,
    but without an identifier that was damaged (only if the mapping says so).
    """

    row_numbers: list[int]
    record_ids: list[str] = field(repr=False)
    columns: dict[str, list[str]] = field(repr=False)
    refused: list[tuple[int, str]]
    noted: list[tuple[int, str]] = field(default_factory=list)

    def __reduce__(self) -> tuple[object, ...]:
        columns = {name: packed(cells) for name, cells in self.columns.items()}
        ids = packed(self.record_ids)
        return _arrived, (self.row_numbers, ids, columns, self.refused, self.noted)


def _arrived(
    row_numbers: list[int],
    record_ids: str | list[str],
    columns: dict[str, str | list[str]],
    refused: list[tuple[int, str]],
    noted: list[tuple[int, str]],
) -> Chunk:
    """A chunk in another process."""
    cells = {name: unpacked(each) for name, each in columns.items()}
    return Chunk(row_numbers, unpacked(record_ids), cells, refused, noted)


def read_rows(
    path: Path,
    mapping: Mapping,
    kinds: AnyMapping[str, FieldKind],
    rows_at_once: int,
    *,
    as_written: bool = False,
) -> Iterator[Chunk]:
    """The mapped fields in chunks; the first chunk is also checked for swapped columns.

    `as_written` only notes damaged identifiers and leaves them there, for whoever counts them.
    """
    source = open_source(path, mapping)
    identifiers = _identifiers(mapping, kinds)
    wanted = mapping.source_columns()
    first = True
    for block in source.blocks(wanted, frozenset(identifiers), rows_at_once):
        chunk = _chunk(block, mapping, wanted, identifiers, as_written=as_written)
        if first:
            for name, kind in kinds.items():
                require_plausible(path, name, kind, chunk.columns.get(name, []))
        first = False
        yield chunk
    if first:
        raise empty(source.name)


def read_columns(
    path: Path, mapping: Mapping, columns: tuple[str, ...]
) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells of these columns) of every whole row, for local lists."""
    # The mapping's own columns must be there too: it is the same source read again.
    wanted = tuple(dict.fromkeys((*columns, *mapping.source_columns())))
    for block in open_source(path, mapping).blocks(wanted, frozenset(), 10_000):
        cells = (block.columns[wanted.index(column)] for column in columns)
        for number, *row in zip(block.numbers, *cells, strict=True):
            yield number, [str(cell) for cell in row]


def _identifiers(mapping: Mapping, kinds: AnyMapping[str, FieldKind]) -> dict[str, FieldKind]:
    """The columns that hold a NIK or a KK."""
    return {
        source: kinds[name]
        for name, source in mapping.fields.items()
        if isinstance(source, str) and kinds.get(name) in NUMBER_CELL
    }


def _chunk(
    block: Block,
    mapping: Mapping,
    wanted: tuple[str, ...],
    identifiers: dict[str, FieldKind],
    *,
    as_written: bool,
) -> Chunk:
    by_column = dict(zip(wanted, block.columns, strict=True))
    damaged = _damaged(block, wanted, identifiers)
    dropped: dict[int, str] = {}
    noted: list[tuple[int, str]] = []
    if as_written:
        noted = [(block.numbers[row], rule) for row, _, rule in damaged]
    elif mapping.damaged_identifiers == "refuse":
        dropped = {row: rule for row, _, rule in reversed(damaged)}
    else:
        for row, column, rule in damaged:
            by_column[column][row] = ""
            noted.append((block.numbers[row], rule))
    if mapping.status is not None:
        left_out = mapping.status.keeps_out(by_column[mapping.status.column])
        dropped |= dict.fromkeys(left_out, STATUS)
    record_ids = mapping.record_ids(by_column, block.numbers)
    if "" in record_ids:
        dropped |= {row: NO_RECORD_ID for row, cell in enumerate(record_ids) if not cell}
    numbers = block.numbers
    columns = {
        name: _joined(source, by_column, len(numbers)) for name, source in mapping.fields.items()
    }
    refused = block.refused
    if dropped:
        refused = sorted([*refused, *((numbers[row], rule) for row, rule in dropped.items())])
        kept = [row for row in range(len(numbers)) if row not in dropped]
        columns = {name: [cells[row] for row in kept] for name, cells in columns.items()}
        record_ids = [record_ids[row] for row in kept]
        numbers = [numbers[row] for row in kept]
        gone = {number for number, _ in refused}
        noted = [each for each in noted if each[0] not in gone]
    return Chunk(numbers, record_ids, columns, refused, noted)


def _damaged(
    block: Block, wanted: tuple[str, ...], identifiers: dict[str, FieldKind]
) -> list[tuple[int, str, str]]:
    """(position of the row, column, rule) of identifiers that a spreadsheet damaged."""
    found = [
        (row, wanted[column], NUMBER_CELL[identifiers[wanted[column]]])
        for row, column in block.rounded
    ]
    for column, kind in identifiers.items():
        cells = block.columns[wanted.index(column)]
        together = "".join(cells)
        if "E" not in together and "e" not in together:
            continue
        found += [
            (row, column, SCIENTIFIC[kind])
            for row, cell in enumerate(cells)
            if _E_NOTATION.fullmatch(cell)
        ]
    return found


def _joined(source: FieldSource, by_column: dict[str, list[str]], count: int) -> list[str]:
    if source is None:
        return [""] * count
    if isinstance(source, str):
        return by_column[source]
    return source.join_columns([by_column[column] for column in source.columns()])
