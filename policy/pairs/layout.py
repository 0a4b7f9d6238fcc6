"""Where the parts of a row lie in a bundle.

Handle, encodings, block tags, contrary codes, NIK token.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy.statements import CONTRARY_BYTES, TAG_BYTES, EncodingShape, SealedRows

HANDLE_BYTES = 16


@dataclass(frozen=True)
class RowLayout:
    """The parts of rows given as uint8 (rows, row_bytes)."""

    shapes: tuple[EncodingShape, ...]
    token_bytes: int

    @classmethod
    def of(cls, manifest: SealedRows) -> RowLayout:
        """As the manifest declares it."""
        return cls(manifest.encodings, manifest.token_bytes)

    def handles(self, rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """uint8 (rows, 16)."""
        return np.ascontiguousarray(rows[:, :HANDLE_BYTES])

    def encodings(self, rows: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
        """Bloom filters by name, uint8 (rows, bits / 8)."""
        start, found = HANDLE_BYTES, {}
        for shape in self.shapes:
            stop = start + shape.bits // 8
            found[shape.name] = np.ascontiguousarray(rows[:, start:stop])
            start = stop
        return found

    def tags(self, rows: NDArray[np.uint8]) -> dict[str, NDArray[np.uint16]]:
        """Tags of the encodings that have them, uint16 (rows,)."""
        start = HANDLE_BYTES + sum(shape.bits // 8 for shape in self.shapes)
        found = {}
        for shape in self.shapes:
            if shape.tag_bits:
                stop = start + TAG_BYTES
                numbers = np.ascontiguousarray(rows[:, start:stop]).view("<u2")
                found[shape.name] = numbers.ravel().astype(np.uint16)
                start = stop
        return found

    def contrary(self, rows: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
        """Contrary codes of the encodings that have them, uint8 (rows, codes, 16)."""
        width = CONTRARY_BYTES * sum(shape.contrary for shape in self.shapes)
        start, found = rows.shape[1] - self.token_bytes - width, {}
        for shape in self.shapes:
            if shape.contrary:
                stop = start + CONTRARY_BYTES * shape.contrary
                codes = np.ascontiguousarray(rows[:, start:stop])
                found[shape.name] = codes.reshape(-1, shape.contrary, CONTRARY_BYTES)
                start = stop
        return found

    def tokens(self, rows: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
        """uint8 (rows, 16), or None without a NIK leg."""
        if not self.token_bytes:
            return None
        return np.ascontiguousarray(rows[:, -self.token_bytes :])

    def tags_fit(self, rows: NDArray[np.uint8]) -> bool:
        """No tag has more bits than were agreed: the linkage unit should learn no more."""
        tags = self.tags(rows)
        tagged = (shape for shape in self.shapes if shape.tag_bits)
        return all(np.all(tags[shape.name] >> shape.tag_bits == 0) for shape in tagged)
