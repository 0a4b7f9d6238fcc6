"""Rows of one dataset as they are sent to the service."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from pydantic import Field

from policy.base.canonical import HexDigest, Identifier
from policy.formats.bundle_row import EncodingShape, TokenBytes
from policy.statements.body import Body


class SealedRows(Body, ABC):
    """Rows of one dataset as they are sent. Binds the seal and every chunk.

    `handle_root` and `count` are those of the dataset once these rows are included. `terms` is the
    digest of the charter's encoding terms, `rules` that of the encoder's normalisation rules. The
    seal of the file key has the type SEAL_TYPE.
    """

    SEAL_TYPE: ClassVar[str]
    dataset: Identifier
    count: int = Field(ge=1)
    handle_root: HexDigest
    terms: HexDigest
    rules: HexDigest
    encodings: tuple[EncodingShape, ...] = Field(min_length=1)
    token_bytes: TokenBytes
    row_bytes: int
    seal: HexDigest
    chunks: int = Field(ge=1)
    chunk_list: HexDigest

    @property
    @abstractmethod
    def sent(self) -> int:
        """How many rows are sent."""
