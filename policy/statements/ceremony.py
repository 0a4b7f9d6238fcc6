"""The key ceremony in the log: no share, no seal, digests and keys of one epoch alone."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from policy.canonical import HexDigest, Identifier, Model
from policy.statements.body import Base64, Body


class DatasetCommitment(Model):
    """Fixed before any key exists: Merkle root over the sorted handles, and the count."""

    handle_root: HexDigest
    count: int = Field(ge=1)


class Committed(Body):
    """By a party: its share's commitment, one-epoch key, and all its datasets."""

    TYPE: ClassVar[str] = "padan/commit"
    commitment: HexDigest
    epoch_key: Base64
    datasets: dict[Identifier, DatasetCommitment]


class Revealed(Body):
    """By a party: digests of the seals that carry its share to each peer.

    The seals themselves go through the service's mailbox and are deleted there,
    so that the log holds nothing that a later attack on HPKE could open.
    """

    TYPE: ClassVar[str] = "padan/reveal"
    seals: dict[Identifier, HexDigest]


class Confirmed(Body):
    """By a party: it holds the same keys, rules and profile as its peers."""

    TYPE: ClassVar[str] = "padan/confirm"
    records_mac: HexDigest
    member_mac: HexDigest
