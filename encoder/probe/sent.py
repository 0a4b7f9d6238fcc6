"""What the linkage unit receives of synthetic people, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from encoder.probe.draws import Draws
from encoder.terms import RowEncoder, identifiers
from policy.ceremony import ProjectKeys
from policy.charter import Charter
from policy.statements import CONTRARY_BYTES, TAG_BYTES

Bits = NDArray[np.uint8]
_HANDLE_BYTES = 16


@dataclass(frozen=True)
class Sent:
    """Unpacked bits of every encoding and contrary code, and the numbers of every tag."""

    encodings: list[Bits]
    codes: list[Bits]
    tags: list[NDArray[np.uint16]]

    @property
    def hidden(self) -> list[Bits]:
        """All that is bits: encodings, then codes."""
        return [*self.encodings, *self.codes]


def sent(
    charter: Charter, keys: ProjectKeys, columns: Mapping[str, Sequence[str]], draws: Draws
) -> Sent:
    """Rows as they travel under these keys."""
    encoder = RowEncoder(charter, keys)
    rows = list(zip(*(columns[name] for name in identifiers(charter)), strict=True))
    handles = [draws.bytes(_HANDLE_BYTES) for _ in rows]
    whole = encoder.encode(handles, rows)
    shapes = encoder.shapes()
    kinds = [[shape.bits // 8 for shape in shapes]]
    kinds.append([TAG_BYTES for shape in shapes if shape.tag_bits])
    kinds.append([CONTRARY_BYTES for shape in shapes for _ in range(shape.contrary)])
    ends = np.cumsum([_HANDLE_BYTES, *(width for widths in kinds for width in widths)])
    parts = iter([whole[:, start:end] for start, end in pairwise(ends)])
    encodings, tags, codes = ([next(parts) for _ in widths] for widths in kinds)
    return Sent(
        [np.unpackbits(each, axis=1) for each in encodings],
        [np.unpackbits(each, axis=1) for each in codes],
        [np.ascontiguousarray(each).view("<u2")[:, 0] for each in tags],
    )
