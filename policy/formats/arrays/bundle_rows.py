"""Rows of a bundle (`bundle_row`) as arrays: uint8 of shape (rows, bytes of a row)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from policy.formats.bundle_row import HANDLE_BYTES, EncodingShape, RowPlaces
from policy.formats.contrary_code import CONTRARY_CODE_BYTES

Bytes = NDArray[np.uint8]
_BLOCK_TAG = np.dtype("<u2")


class DeclaredRows(Protocol):
    """The row layout that a bundle's manifest or a delta declares."""

    @property
    def encodings(self) -> tuple[EncodingShape, ...]: ...

    @property
    def token_bytes(self) -> int: ...


@dataclass(frozen=True)
class RowLayout:
    """Joins the parts of rows and splits rows into parts. `token_bytes` is 0 without a NIK leg."""

    shapes: tuple[EncodingShape, ...]
    token_bytes: int

    @classmethod
    def of(cls, manifest: DeclaredRows) -> RowLayout:
        """The layout that the manifest declares."""
        return cls(manifest.encodings, manifest.token_bytes)

    @cached_property
    def places(self) -> RowPlaces:
        return RowPlaces.of(self.shapes, self.token_bytes)

    @property
    def row_bytes(self) -> int:
        """The width of a row in bytes."""
        return self.places.width

    def join(
        self,
        handles: Sequence[bytes],
        encodings: Sequence[Bytes],
        tags: Sequence[NDArray[np.uint16]],
        contrary: Sequence[Bytes],
        tokens: Bytes | None,
    ) -> Bytes:
        """Rows from their parts, each in the order of `shapes`; returns uint8 (rows, row_bytes).

        Each of `tags` is uint16 (rows,); `contrary` has uint8 (rows, 16) for each code. Raises
        ValueError if the parts do not make a row of this layout.
        """
        parts = [np.frombuffer(b"".join(handles), np.uint8).reshape(len(handles), HANDLE_BYTES)]
        parts += encodings
        parts += [each.astype(_BLOCK_TAG).reshape(-1, 1).view(np.uint8) for each in tags]
        parts += contrary
        parts += [] if tokens is None else [tokens]
        rows = np.concatenate(parts, axis=1)
        if rows.shape[1] != self.row_bytes:
            raise ValueError(f"rows of {rows.shape[1]} bytes, not of {self.row_bytes}")
        return rows

    def handles(self, rows: Bytes) -> Bytes:
        """The handles, uint8 (rows, 16)."""
        return np.ascontiguousarray(rows[:, self.places.handle])

    def encodings(self, rows: Bytes) -> dict[str, Bytes]:
        """Bloom filters by name, uint8 (rows, bits / 8)."""
        places = self.places.encodings.items()
        return {name: np.ascontiguousarray(rows[:, place]) for name, place in places}

    def tags(self, rows: Bytes) -> dict[str, NDArray[np.uint16]]:
        """Tags of the encodings that have them, uint16 (rows,)."""
        found = {}
        for name, place in self.places.tags.items():
            numbers = np.ascontiguousarray(rows[:, place]).view(_BLOCK_TAG)
            found[name] = numbers.ravel().astype(np.uint16)
        return found

    def contrary(self, rows: Bytes) -> dict[str, Bytes]:
        """Contrary codes of the encodings that have them, uint8 (rows, codes, 16)."""
        found = {}
        for name, place in self.places.contrary.items():
            codes = np.ascontiguousarray(rows[:, place])
            count = codes.shape[1] // CONTRARY_CODE_BYTES
            found[name] = codes.reshape(len(rows), count, CONTRARY_CODE_BYTES)
        return found

    def tokens(self, rows: Bytes) -> Bytes | None:
        """NIK tokens, uint8 (rows, 16), or None without a NIK leg."""
        place = self.places.token
        return None if place is None else np.ascontiguousarray(rows[:, place])

    def tags_fit(self, rows: Bytes) -> bool:
        """Whether no tag has more bits than agreed, so that the linkage unit learns no more."""
        tags = self.tags(rows)
        tagged = (shape for shape in self.shapes if shape.tag_bits)
        return all(np.all(tags[shape.name] >> shape.tag_bits == 0) for shape in tagged)
