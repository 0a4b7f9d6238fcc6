"""A row of a bundle or of a delta, in the clear.

    bytes            part
    16               handle
    bits / 8 each    encodings, in the charter's order
    2 each           block tags of the encodings that have one, in that order; little-endian,
                     the bits above `tag_bits` are 0
    16 each          contrary codes of the encodings that have some (`contrary_code`), in that order
    16 or 0          NIK token, if the charter has the NIK leg

All rows have the same width. They are in ascending order of their handles, nothing is between them,
and they are sent encrypted (`chunk_stream`). The manifest declares the parts (`policy.statements`).

This module knows only widths and positions. `arrays.bundle_rows` reads and writes rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import Field

from policy.base.canonical import Identifier, Model
from policy.formats.contrary_code import CONTRARY_CODE_BYTES

HANDLE_BYTES: Final = 16
BLOCK_TAG_BYTES: Final = 2
NIK_TOKEN_BYTES: Final = 16

TokenBytes = Literal[0, 16]


class EncodingShape(Model):
    """One encoding in a row: its bits, the bits of its tag, its number of contrary codes."""

    name: Identifier
    bits: int = Field(ge=64, le=65_536, multiple_of=8)
    tag_bits: int = Field(default=0, ge=0, le=8 * BLOCK_TAG_BYTES)
    contrary: int = Field(default=0, ge=0, le=4, exclude_if=lambda codes: not codes)

    @property
    def filter_bytes(self) -> int:
        return self.bits // 8

    @property
    def tag_bytes(self) -> int:
        return BLOCK_TAG_BYTES if self.tag_bits else 0

    @property
    def contrary_bytes(self) -> int:
        return CONTRARY_CODE_BYTES * self.contrary


def token_bytes(*, nik_leg: bool) -> TokenBytes:
    """The width of the NIK token in bytes: 16, or 0 if the charter has no NIK leg."""
    return NIK_TOKEN_BYTES if nik_leg else 0


@dataclass(frozen=True)
class RowPlaces:
    """The position of each part in a row, as slices of bytes; `width` is the row's width in bytes.

    `tags` and `contrary` have no entry for an encoding without them.
    """

    handle: slice
    encodings: Mapping[str, slice]
    tags: Mapping[str, slice]
    contrary: Mapping[str, slice]
    token: slice | None
    width: int

    @classmethod
    def of(cls, shapes: Sequence[EncodingShape], token: int) -> RowPlaces:
        """`token` is the width of the NIK token in bytes, 0 without one."""
        row = _Row()
        return cls(
            handle=row.take(HANDLE_BYTES),
            encodings={each.name: row.take(each.filter_bytes) for each in shapes},
            tags={each.name: row.take(each.tag_bytes) for each in shapes if each.tag_bits},
            contrary={each.name: row.take(each.contrary_bytes) for each in shapes if each.contrary},
            token=row.take(token) if token else None,
            width=row.width,
        )


@dataclass
class _Row:
    """A row layout that grows part by part."""

    width: int = 0

    def take(self, count: int) -> slice:
        """The slice of the next `count` bytes."""
        start, self.width = self.width, self.width + count
        return slice(start, self.width)
