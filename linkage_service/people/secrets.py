"""Secrets of accounts under the service's key file: a copy of the database alone opens none."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from linkage_service.error_codes import ServiceCode
from policy.base.canonical import b64, unb64
from policy.base.errors import WrongKey
from policy.base.words import Words

_NONCE_BYTES = 12


@dataclass(frozen=True)
class AccountSecrets:
    """`pepper` goes into each passphrase's hash; `key` seals second factors."""

    pepper: bytes = field(repr=False)
    key: bytes = field(repr=False)

    @classmethod
    def under(cls, storage_key: bytes) -> Self:
        """Derived from the storage key in the service's key file, which every roster keeps."""
        return cls(_derived(storage_key, b"pepper"), _derived(storage_key, b"seal"))

    def seal(self, secret: bytes, place: str) -> str:
        """The secret, to be stored in that place alone."""
        nonce = os.urandom(_NONCE_BYTES)
        return b64(nonce + ChaCha20Poly1305(self.key).encrypt(nonce, secret, place.encode()))

    def open(self, sealed: str, place: str) -> bytes:
        """The secret that was sealed for this place; raises WrongKey."""
        data = unb64(sealed)
        try:
            return ChaCha20Poly1305(self.key).decrypt(
                data[:_NONCE_BYTES], data[_NONCE_BYTES:], place.encode()
            )
        except (InvalidTag, ValueError):
            raise WrongKey(
                ServiceCode.PEOPLE_SEALED,
                Words(
                    "Akun ini dibuat di bawah berkas kunci lain.",
                    "This account was made under another key file.",
                ),
                Words(
                    "Pulihkan berkas kunci layanan, atau 'padan-linkage people reset'.",
                    "Restore the service's key file, or 'padan-linkage people reset'.",
                ),
            ) from None


def _derived(storage_key: bytes, label: bytes) -> bytes:
    return HKDFExpand(SHA256(), 32, b"padan/people/" + label).derive(storage_key)
