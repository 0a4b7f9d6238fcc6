"""Whose book the codes of a list's places seem to be of, counted while the rows are read."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from encoder.quality.codebook import compare_codes
from encoder.quality.counts import CodebookCounts
from encoder.source.cell_values import Values
from encoder.source.joined_columns import CodeColumn, RegionColumns
from encoder.source.mapping import Mapping
from encoder.source.readers import Chunk
from policy.charter import FieldKind


@dataclass(frozen=True)
class PlaceCodes:
    """The fields of a place's code and of the NIK; without a code nothing is counted."""

    place: str | None
    nik: str | None

    @classmethod
    def of(cls, kinds: MappingOf[str, FieldKind], mapping: Mapping) -> PlaceCodes:
        coded = (
            name
            for name, kind in kinds.items()
            if kind == "place" and isinstance(mapping.fields.get(name), CodeColumn | RegionColumns)
        )
        niks = (name for name, kind in kinds.items() if kind == "nik")
        return cls(next(coded, None), next(niks, None))

    def count(self, chunk: Chunk, values: Values) -> CodebookCounts | None:
        if self.place is None:
            return None
        codes = chunk.columns[self.place]
        niks = values.columns.get(self.nik or "", [""] * len(codes))
        return compare_codes(self.place, codes, niks)
