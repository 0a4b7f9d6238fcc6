"""Rows of one dataset as they travel to the service."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

from pydantic import Field

from policy.canonical import HexDigest, Identifier, Model
from policy.statements.body import Body

TAG_BYTES = 2
CONTRARY_BYTES = 16


class EncodingShape(Model):
    """One encoding as it lies in a row.

    A tag of `tag_bits`, if any, takes TAG_BYTES. Each of its `contrary` codes takes CONTRARY_BYTES.
    """

    name: Identifier
    bits: int = Field(ge=64, le=65_536, multiple_of=8)
    tag_bits: int = Field(default=0, ge=0, le=16)
    contrary: int = Field(default=0, ge=0, le=4, exclude_if=lambda codes: not codes)

    @property
    def row_bytes(self) -> int:
        """What a row has of this encoding: its bits, its tag and its contrary codes."""
        tag = TAG_BYTES if self.tag_bits else 0
        return self.bits // 8 + tag + CONTRARY_BYTES * self.contrary


class SealedRows(Body, ABC):
    """Rows of one dataset as they travel. Binds the seal and every chunk.

    `handle_root` and `count` are those of the dataset once these rows are in. `terms` is the
    digest of the charter's encoding terms, `rules` that of the normalisation rules that the
    encoder ran. The seal of the file key has the type SEAL_TYPE.
    """

    SEAL_TYPE: ClassVar[str]
    dataset: Identifier
    count: int = Field(ge=1)
    handle_root: HexDigest
    terms: HexDigest
    rules: HexDigest
    encodings: tuple[EncodingShape, ...] = Field(min_length=1)
    token_bytes: Literal[0, 16]
    row_bytes: int
    seal: HexDigest
    chunks: int = Field(ge=1)
    chunk_list: HexDigest

    @property
    @abstractmethod
    def sent(self) -> int:
        """How many rows travel."""
