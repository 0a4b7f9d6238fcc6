"""From the cells of a chunk to values: the only place where a cell is used or dropped.

1. Every field is normalised; `usage` counts each cell under the rule that it met.
2. A damaged NIK or KK refuses its row, or is dropped, as the mapping says.
3. A row with neither a name nor a NIK, or without any value, is refused.

`inspect`, `check` and `prepare` all use this module, so that they treat a file equally.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from encoder.normalise import normalise_column
from encoder.normalise.cell_rules import CELL_RULES
from encoder.source.cell_usage import Usage
from encoder.source.mapping import Mapping as ColumnMapping
from encoder.source.readers import NO_LINKAGE_FIELD, NOBODY, UNKNOWN_PERSON, Chunk
from policy.charter import FieldKind


@dataclass(frozen=True)
class Values:
    """A chunk's rows as values.

    `columns` are keyed by the names of `encoder.normalise.outputs`; each has all rows of the chunk.
    `doubts` has positions and rules of the cells of each field. `out` has positions of refused rows
    and their rules; `noted` has row numbers and rules of rows kept without a damaged
    identifier.
    """

    columns: dict[str, list[str]] = field(repr=False)
    doubts: dict[str, list[tuple[int, str]]]
    out: dict[int, str]
    noted: list[tuple[int, str]]
    usage: Usage


class Settler:
    """Makes values from chunks, by a mapping and the kinds of its fields, in order."""

    def __init__(
        self,
        kinds: Mapping[str, FieldKind],
        mapping: ColumnMapping,
        used: Collection[str] = (),
    ) -> None:
        self._kinds = dict(kinds)
        self._used = used
        self._orders = {name: mapping.order_of(name) or "day-first" for name in kinds}
        self._refuses = mapping.damaged_identifiers == "refuse"
        self._name = _first(kinds, "name")
        self._nik = _first(kinds, "nik")

    def __call__(self, chunk: Chunk) -> Values:
        usage = Usage(self._kinds, len(chunk.row_numbers))
        columns: dict[str, list[str]] = {}
        found: dict[str, list[tuple[int, str]]] = {}
        damaged: dict[int, str] = {}
        unknown: set[int] = set()
        for name, kind in self._kinds.items():
            cells = chunk.columns[name]
            normal = normalise_column(name, kind, cells, self._used, self._orders[name])
            doubts = _with_damaged(chunk, name, normal.columns, normal.doubts)
            columns |= normal.columns
            found[name] = doubts
            own = next(iter(normal.columns.values()))
            usage.add(name, own, doubts, chunk.row_numbers)
            for at, rule in doubts:
                if refusal := CELL_RULES[rule].refuses:
                    damaged.setdefault(at, refusal)
            if name == self._name:
                unknown = {at for at, rule in doubts if rule == "NAME_UNKNOWN_PERSON"}
        out = self._nobody(columns, unknown)
        noted: list[tuple[int, str]] = []
        if self._refuses:
            out = out | damaged
        else:
            noted = [
                (chunk.row_numbers[at], rule)
                for at, rule in sorted(damaged.items())
                if at not in out
            ]
        return Values(columns, found, out, noted, usage)

    def _nobody(self, columns: dict[str, list[str]], unknown: set[int]) -> dict[int, str]:
        """Positions and rules of rows with neither a name nor a NIK, or without any value."""
        own = [columns[name] for name in (self._name, self._nik) if name and self._name]
        blank = _blank(own or list(columns.values()))
        out: dict[int, str] = {}
        for at in blank:
            if at in unknown:
                out[at] = UNKNOWN_PERSON
            elif any(cells[at] for cells in columns.values()):
                out[at] = NOBODY
            else:
                out[at] = NO_LINKAGE_FIELD
        return out


def _blank(columns: Sequence[Sequence[str]]) -> list[int]:
    """Positions at which every one of these columns is empty."""
    if not columns or "" not in columns[0]:
        return []
    nothing = ("",) * len(columns)
    return [at for at, row in enumerate(zip(*columns, strict=True)) if row == nothing]


def _with_damaged(
    chunk: Chunk,
    name: str,
    columns: dict[str, list[str]],
    doubts: list[tuple[int, str]],
) -> list[tuple[int, str]]:
    """The doubts, with those of the reader added; such a cell gives no value."""
    said = {at: rule for field, at, rule in chunk.damaged if field == name}
    if not said:
        return doubts
    for cells in columns.values():
        for at in said:
            cells[at] = ""
    kept = (each for each in doubts if each[0] not in said)
    return sorted([*kept, *said.items()])


def _first(kinds: Mapping[str, FieldKind], kind: FieldKind) -> str | None:
    return next((name for name, each in kinds.items() if each == kind), None)


def kinds_of(mapping: ColumnMapping, known: Mapping[str, FieldKind]) -> dict[str, FieldKind]:
    """The kind of each mapped field, in the mapping's order; an unknown field is text."""
    return {name: known.get(name, "text") for name in mapping.fields}
