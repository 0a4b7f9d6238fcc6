"""Rows on their way to the service: bundles, their intake, rows withdrawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, ClassVar

from pydantic import Field

from policy.canonical import HexDigest, Identifier, Model
from policy.formats.bundle_row import EncodingShape, TokenBytes
from policy.statements.body import Body


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
    token_bytes: TokenBytes
    row_bytes: int
    seal: HexDigest
    chunks: int = Field(ge=1)
    chunk_list: HexDigest

    @property
    @abstractmethod
    def sent(self) -> int:
        """How many rows travel."""


class CanaryCell(Model):
    """So many canaries of which a recipient sees the same.

    `seen` has the ID domains in which it sees anything of them: "" that they are matched, and
    which other lists of its own carry the same ID.
    """

    seen: dict[Identifier, tuple[str, ...]] = Field(min_length=1)
    rows: int = Field(ge=1)


class CanaryCounts(Model):
    """What an honest run makes of a dataset's canaries, in counts, so that others can be exact.

    `matched` of its canaries are in a group of each ID domain that holds the dataset, and
    `groups` of that domain's groups are canaries; `verify` of the matched ones lie in groups
    that people are to verify. `cells` part those of which a recipient sees
    anything; of the others it sees nothing.
    """

    matched: dict[Identifier, Annotated[int, Field(ge=0)]]
    verify: dict[Identifier, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict, exclude_if=lambda counts: not counts
    )
    groups: dict[Identifier, Annotated[int, Field(ge=0)]]
    cells: tuple[CanaryCell, ...] = ()


class BundleManifest(SealedRows):
    """By a party: what the sealed bundle of a whole dataset holds.

    `canaries` is there where the charter asks for canaries like the list.
    """

    TYPE: ClassVar[str] = "padan/bundle"
    SEAL_TYPE: ClassVar[str] = "padan/bundle-key"
    canaries: CanaryCounts | None = Field(default=None, exclude_if=lambda counts: counts is None)

    @property
    def sent(self) -> int:
        return self.count


class Accepted(Body):
    """By the service: a bundle or delta was opened and is what its statement says."""

    TYPE: ClassVar[str] = "padan/intake"
    dataset: Identifier
    bundle: HexDigest


class Withdrawn(Body):
    """By a party: rows of its own that may take part in no run from here on.

    People may object, or ask for restriction, after their rows were sent (UU 27/2022 art. 10, 41;
    art. 40 where the basis is consent). `handles` is the
    digest of a document at the service, a JSON list of handles in hex; `count` its length.
    """

    TYPE: ClassVar[str] = "padan/withdraw"
    dataset: Identifier
    handles: HexDigest
    count: int = Field(ge=1)
