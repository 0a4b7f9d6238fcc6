"""Key pairs and the passphrase-protected file that holds them.

A member has one Ed25519 key to sign statements and requests, one Ed25519 key to cosign the log, one
HPKE key to receive sealed files, and a storage key that encrypts the secrets of its projects in its
vault. All four are stored in one file under Argon2id (RFC 9106) and ChaCha20-Poly1305.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from pydantic import ValidationError

from policy.base.canonical import Model, b64, canonical_json, unb64
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, WrongKey
from policy.base.words import Words
from policy.crypto import ed25519

# Hybrid, so that a later quantum computer cannot decrypt traffic recorded today.
HPKE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)

_MLKEM_PUBLIC_BYTES = 1184
_MLKEM_SEED_BYTES = 64
_X25519_BYTES = 32
_X25519_PRIME = 2**255 - 19

# RFC 9106 section 4, second recommended option: 3 passes over 64 MiB, 4 lanes.
_ARGON2_ITERATIONS = 3
_ARGON2_LANES = 4
_ARGON2_MEMORY_KIB = 64 * 1024
_ARGON2_MAX_MEMORY_KIB = 1024 * 1024
_KEY_FILE = "padan/key-file"


@dataclass(frozen=True)
class SealKey:
    """The private half of an HPKE key pair (ML-KEM-768 with X25519)."""

    mlkem: MLKEM768PrivateKey = field(repr=False)
    x25519: X25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls) -> SealKey:
        """A new random key."""
        return cls(MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())

    @classmethod
    def from_bytes(cls, data: bytes) -> SealKey:
        """The key from `secret_bytes` (64 + 32 bytes); raises BadInput for another length."""
        if len(data) != _MLKEM_SEED_BYTES + _X25519_BYTES:
            raise _malformed_key()
        return cls(
            MLKEM768PrivateKey.from_seed_bytes(data[:_MLKEM_SEED_BYTES]),
            X25519PrivateKey.from_private_bytes(data[_MLKEM_SEED_BYTES:]),
        )

    def secret_bytes(self) -> bytes:
        """The private key: a 64-byte ML-KEM seed and a 32-byte X25519 scalar."""
        return self.mlkem.private_bytes_raw() + self.x25519.private_bytes_raw()

    def public_bytes(self) -> bytes:
        """The public key in 1216 bytes: ML-KEM-768, then X25519."""
        return (
            self.mlkem.public_key().public_bytes_raw() + self.x25519.public_key().public_bytes_raw()
        )

    def hpke(self) -> MLKEM768X25519PrivateKey:
        """The key in the form that HPKE takes."""
        return MLKEM768X25519PrivateKey(self.mlkem, self.x25519)


@lru_cache(maxsize=1024)
def seal_public_key(data: bytes) -> MLKEM768X25519PublicKey:
    """The public key from its 1216 bytes; raises BadInput.

    Its X25519 part must be canonical and not of small order: with a key of small order, every
    exchange gives zero.
    """
    mlkem, x25519 = data[:_MLKEM_PUBLIC_BYTES], data[_MLKEM_PUBLIC_BYTES:]
    try:
        if len(x25519) != _X25519_BYTES or int.from_bytes(x25519, "little") >= _X25519_PRIME:
            raise ValueError("not canonical")
        point = X25519PublicKey.from_public_bytes(x25519)
        X25519PrivateKey.generate().exchange(point)
        return MLKEM768X25519PublicKey(MLKEM768PublicKey.from_public_bytes(mlkem), point)
    except ValueError as error:
        raise _malformed_key() from error


def signing_public_key(text: str) -> Ed25519PublicKey:
    """An Ed25519 public key from base64, canonical and of full order; raises BadInput."""
    try:
        return ed25519.public_key(unb64(text))
    except ValueError as error:
        raise _malformed_key() from error


@dataclass(frozen=True)
class KeyRing:
    """The private keys of one member. Never printed, never pickled."""

    signing: Ed25519PrivateKey = field(repr=False)
    log: Ed25519PrivateKey = field(repr=False)
    seal: SealKey = field(repr=False)
    storage: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> KeyRing:
        """A new key ring with random keys."""
        return cls(
            Ed25519PrivateKey.generate(),
            Ed25519PrivateKey.generate(),
            SealKey.generate(),
            os.urandom(32),
        )

    def __reduce__(self) -> str:
        raise TypeError("private keys are not pickled")


class _Argon2Header(Model):
    iterations: int
    lanes: int
    memory_kib: int
    salt: str


class _KeyFile(Model):
    type: str = _KEY_FILE
    version: int = 1
    kdf: _Argon2Header
    nonce: str
    ciphertext: str


class _KeyRingSecrets(Model):
    signing: str
    log: str
    seal: str
    storage: str


def lock_keys(keys: KeyRing, passphrase: bytes) -> bytes:
    """The key file: canonical JSON, readable only with the passphrase."""
    return lock(_KEY_FILE, key_secrets(keys), passphrase)


def unlock_keys(data: bytes, passphrase: bytes) -> KeyRing:
    """Open a key file; raises WrongKey for a wrong passphrase or an altered file."""
    return keys_from_secrets(unlock(_KEY_FILE, data, passphrase))


def key_secrets(keys: KeyRing) -> bytes:
    """The private keys as canonical JSON, to be encrypted at once."""
    return _KeyRingSecrets(
        signing=b64(keys.signing.private_bytes_raw()),
        log=b64(keys.log.private_bytes_raw()),
        seal=b64(keys.seal.secret_bytes()),
        storage=b64(keys.storage),
    ).canonical()


def keys_from_secrets(plain: bytes) -> KeyRing:
    """The keys that `key_secrets` wrote; raises BadInput."""
    try:
        secrets = _KeyRingSecrets.model_validate_json(plain)
        return KeyRing(
            Ed25519PrivateKey.from_private_bytes(unb64(secrets.signing)),
            Ed25519PrivateKey.from_private_bytes(unb64(secrets.log)),
            SealKey.from_bytes(unb64(secrets.seal)),
            unb64(secrets.storage),
        )
    except ValueError:
        raise _malformed_key() from None


def lock(kind: str, secret: bytes, passphrase: bytes) -> bytes:
    """A secret under a passphrase, by Argon2id; `kind` is the type of the file."""
    header = _Argon2Header(
        iterations=_ARGON2_ITERATIONS,
        lanes=_ARGON2_LANES,
        memory_kib=_ARGON2_MEMORY_KIB,
        salt=b64(os.urandom(16)),
    )
    nonce = os.urandom(12)
    cipher = ChaCha20Poly1305(_derive(header, passphrase))
    ciphertext = cipher.encrypt(nonce, secret, _associated_data(kind, header))
    file = _KeyFile(type=kind, kdf=header, nonce=b64(nonce), ciphertext=b64(ciphertext))
    return file.canonical()


def unlock(kind: str, data: bytes, passphrase: bytes) -> bytes:
    """The secret; raises BadInput for another kind, WrongKey for a wrong passphrase."""
    try:
        file = _KeyFile.model_validate_json(data)
    except ValidationError:
        raise _malformed_key() from None
    if file.type != kind:
        raise _malformed_key()
    cipher = ChaCha20Poly1305(_derive(file.kdf, passphrase))
    try:
        return cipher.decrypt(
            unb64(file.nonce), unb64(file.ciphertext), _associated_data(kind, file.kdf)
        )
    except (InvalidTag, ValueError):
        raise WrongKey(
            PolicyCode.KEY_PASSPHRASE,
            Words(
                "Frasa sandi salah, atau berkas kunci telah diubah.",
                "The passphrase is wrong, or the key file was altered.",
            ),
            Words(
                "Periksa frasa sandi dan folder rumah yang dipakai, lalu ulangi.",
                "Check the passphrase and the home folder in use, then try again.",
            ),
        ) from None


def _derive(header: _Argon2Header, passphrase: bytes) -> bytes:
    if not 8 <= header.memory_kib <= _ARGON2_MAX_MEMORY_KIB:
        raise _malformed_key()
    try:
        return Argon2id(
            salt=unb64(header.salt),
            length=32,
            iterations=header.iterations,
            lanes=header.lanes,
            memory_cost=header.memory_kib,
        ).derive(passphrase)
    except ValueError:
        raise _malformed_key() from None


def _associated_data(kind: str, header: _Argon2Header) -> bytes:
    return canonical_json({"type": kind, "version": 1, "kdf": header.model_dump()})


def _malformed_key() -> BadInput:
    return BadInput(
        PolicyCode.KEY_MALFORMED,
        Words("Kunci atau berkas kunci rusak.", "The key or key file is malformed."),
        Words(
            "Pulihkan berkas kunci dari cadangan; kunci yang hilang dicabut lewat roster baru.",
            "Restore the key file from its backup; a lost key is revoked by a new roster.",
        ),
    )
