"""Encrypts and opens single rows of attributes, each under the secret of its match ID."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from policy.base.canonical import sha256
from policy.formats.attribute_file import (
    KEY_INFO,
    NONCE_BYTES,
    AttributeFile,
    Column,
    EncryptedRow,
    altered,
    pad_values,
    read_values,
    write_head,
)
from policy.formats.release_file import SALT_BYTES

_KEY_BYTES = 32


@dataclass(frozen=True)
class PlainRow:
    """The values that a sender files under one match ID; `secret` is the key to them."""

    match_id: bytes
    secret: bytes = field(repr=False)
    values: tuple[str, ...] = field(repr=False)


def encrypt_rows(rows: Iterable[PlainRow], columns: Sequence[Column], request: str) -> bytes:
    """The plaintext of an attribute file; `request` is the digest of the transfer's request.

    Nonces are random, so that a file made again for the same request reuses no key stream. Raises
    ValueError for a value that is longer than its column.
    """
    head = write_head(columns, os.urandom(SALT_BYTES))
    about = _about(head)
    parts = [head]
    for row in sorted(rows, key=lambda row: row.match_id):
        nonce = os.urandom(NONCE_BYTES)
        cipher = ChaCha20Poly1305(_key(row.secret, row.match_id, request))
        parts += (
            row.match_id,
            nonce,
            cipher.encrypt(nonce, pad_values(row.values, columns), about),
        )
    return b"".join(parts)


@dataclass(frozen=True)
class RowOpener:
    """Opens the rows of one file whose secrets are known."""

    file: AttributeFile
    request: str

    def open(self, row: EncryptedRow, secret: bytes) -> tuple[str, ...]:
        """The values of a row; raises BadInput if the secret does not open it."""
        try:
            padded = ChaCha20Poly1305(_key(secret, row.match_id, self.request)).decrypt(
                row.nonce, row.ciphertext, _about(self.file.head)
            )
        except InvalidTag:
            raise altered() from None
        return read_values(padded, self.file.columns)


def _key(secret: bytes, match_id: bytes, request: str) -> bytes:
    info = KEY_INFO + bytes.fromhex(request) + match_id
    return HKDFExpand(SHA256(), _KEY_BYTES, info).derive(secret)


def _about(head: bytes) -> bytes:
    return bytes.fromhex(sha256(head))
