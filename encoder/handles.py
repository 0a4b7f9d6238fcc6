"""Rows get their handles, in columns, wherever rows are normalised.

    handle = HMAC-SHA256(local key; digest of the normalised fields, nonce, record id)[:16]

A handle exists before any key of the project does. The nonce makes it another one each time
the same file is prepared.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

HANDLE_BYTES = 16
NONCE_BYTES = 16
_DIGEST_BYTES = 16
# Normalised text has no control characters, so this one can stand between fields.
_BETWEEN = "\x1f"


def join_fields(fields: Sequence[str]) -> str:
    """One row's normalised fields as they are stored."""
    return _BETWEEN.join(fields)


def split_fields(joined: str) -> list[str]:
    """What `join_fields` joined."""
    return joined.split(_BETWEEN)


@dataclass(frozen=True)
class People:
    """Rows of a source after normalising, in columns of one length.

    `fields` are joined, in identifier order; `digests`, `nonces` and `handles` have 16 bytes.
    """

    row_numbers: list[int]
    record_ids: list[str] = field(repr=False)
    fields: list[str] = field(repr=False)
    digests: list[bytes] = field(repr=False)
    nonces: list[bytes] = field(repr=False)
    handles: list[bytes] = field(repr=False)


class Handles:
    """Hands them out under one agency's local key."""

    def __init__(self, local_key: bytes) -> None:
        self._keyed = HMAC(local_key, SHA256())

    def of_people(
        self, row_numbers: list[int], record_ids: list[str], rows: Iterable[Sequence[str]]
    ) -> People:
        """`rows` are normalised fields in identifier order."""
        fields = list(map(join_fields, rows))
        digests = [sha256(each.encode()).digest()[:_DIGEST_BYTES] for each in fields]
        nonces = _nonces(len(fields))
        handles = [
            self._handle(record_id.encode(), digest, nonce)
            for record_id, digest, nonce in zip(record_ids, digests, nonces, strict=True)
        ]
        return People(row_numbers, record_ids, fields, digests, nonces, handles)

    def of_canaries(self, slots: int) -> list[tuple[bytes, bytes]]:
        """(nonce, handle) of each slot."""
        nonces = _nonces(slots)
        numbers = (slot.to_bytes(_DIGEST_BYTES, "big") for slot in range(slots))
        handles = map(self._handle, [b"canary"] * slots, numbers, nonces)
        return list(zip(nonces, handles, strict=True))

    def _handle(self, record_id: bytes, digest: bytes, nonce: bytes) -> bytes:
        # Digest and nonce have fixed lengths, so the parts cannot run into each other.
        mac = self._keyed.copy()
        mac.update(digest + nonce + record_id)
        return mac.finalize()[:HANDLE_BYTES]


def _nonces(count: int) -> list[bytes]:
    drawn = os.urandom(NONCE_BYTES * count)
    return [drawn[at : at + NONCE_BYTES] for at in range(0, len(drawn), NONCE_BYTES)]
