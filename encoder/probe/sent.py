"""The data that the linkage unit receives about synthetic people, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.project_keys import ProjectKeys
from encoder.encoding.terms import RowEncoder, identifiers
from encoder.probe.draws import Draws
from policy.charter import Charter
from policy.formats.bundle_row import HANDLE_BYTES

Bits = NDArray[np.uint8]


@dataclass(frozen=True)
class Sent:
    """Unpacked bits of every encoding and contrary code, and the numbers of every tag."""

    encodings: list[Bits]
    codes: list[Bits]
    tags: list[NDArray[np.uint16]]

    @property
    def hidden(self) -> list[Bits]:
        """All bits: encodings, then codes."""
        return [*self.encodings, *self.codes]


def sent(
    charter: Charter, keys: ProjectKeys, columns: Mapping[str, Sequence[str]], draws: Draws
) -> Sent:
    """The rows as sent under these keys."""
    encoder = RowEncoder(charter, keys)
    rows = list(zip(*(columns[name] for name in identifiers(charter)), strict=True))
    whole = encoder.encode([draws.bytes(HANDLE_BYTES) for _ in rows], rows)
    layout = encoder.layout
    codes = [code for each in layout.contrary(whole).values() for code in each.swapaxes(0, 1)]
    return Sent(
        [np.unpackbits(each, axis=1) for each in layout.encodings(whole).values()],
        [np.unpackbits(each, axis=1) for each in codes],
        list(layout.tags(whole).values()),
    )
