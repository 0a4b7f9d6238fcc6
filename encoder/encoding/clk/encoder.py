"""Records to CLKs: the OR of their values' masks, folded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import deepcopy

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.clk.errors import ValuesRefused
from encoder.encoding.clk.layout import ClkLayout, Masks
from encoder.encoding.clk.masks import FeatureMasks
from encoder.encoding.clk.schema import parse_schema

# The most rows processed at once, however many are given.
_ROWS_AT_ONCE = 1 << 14


class ClkEncoder:
    """Encodes records under one linkage schema (clkhash version 3) and one secret.

    `identifiers` are the schema's columns in order, ignored ones too. `bits` is the length
    of a CLK, folds done. Raises BadInput for any other schema.

    Pickling stores the schema and the secret, and unpickling builds the encoder again.
    One encoder serves one thread.
    """

    identifiers: tuple[str, ...]
    bits: int

    def __init__(self, schema: Mapping[str, object], secret: bytes) -> None:
        parsed = parse_schema(schema, secret)
        self.identifiers, self.bits = parsed.identifiers, parsed.bits
        self._made_of = (deepcopy(dict(schema)), secret)
        self._layout = ClkLayout(parsed.bits, 1 << parsed.folds)
        self._features = [FeatureMasks(feature, self._layout) for feature in parsed.features]

    def encode(self, columns: Mapping[str, Sequence[str]]) -> NDArray[np.uint8]:
        """The CLKs as clkhash serialises them: uint8, shape (rows, bits / 8 rounded up).

        `columns` are keyed by identifier; an ignored one may be left out. Raises
        ValuesRefused for all invalid rows, where clkhash's validation would stop at the
        first one, or its tokeniser fail.
        """
        rows = _rows(columns)
        encoded = np.empty((rows, -(-self.bits // 8)), dtype=np.uint8)
        refused: dict[str, list[int]] = defaultdict(list)
        for start in range(0, rows, _ROWS_AT_ONCE):
            filters = self._layout.empty(min(_ROWS_AT_ONCE, rows - start))
            for masks in self._features:
                name = masks.feature.identifier
                values = columns[name][start : start + len(filters)]
                refused[name] += [start + row for row in _add(masks, values, filters)]
            encoded[start : start + len(filters)] = self._layout.folded(filters)
        if any(refused.values()):
            rules = {masks.feature.identifier: masks.feature.rule for masks in self._features}
            raise ValuesRefused({name: at for name, at in refused.items() if at}, rules)
        return encoded

    def __reduce__(self) -> tuple[type[ClkEncoder], tuple[dict[str, object], bytes]]:
        return ClkEncoder, self._made_of


def _rows(columns: Mapping[str, Sequence[str]]) -> int:
    counts = {len(column) for column in columns.values()}
    if len(counts) > 1:
        raise ValueError("columns of different lengths")
    return counts.pop() if counts else 0


def _add(masks: FeatureMasks, values: Sequence[str], filters: Masks) -> list[int]:
    """OR one column into the filters; returns the indices of rows with refused values."""
    distinct = {value: index for index, value in enumerate(dict.fromkeys(values))}
    index = np.fromiter(map(distinct.__getitem__, values), np.int64, len(values))
    found, refused = masks.of(list(distinct))
    filters |= found[index]
    return np.flatnonzero(np.isin(index, refused)).tolist() if refused else []
