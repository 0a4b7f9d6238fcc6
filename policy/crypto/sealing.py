"""Sealing: small secrets by HPKE, large files as a chunked stream under a sealed key.

A seal is a DSSE envelope. Its payload is the HPKE ciphertext, and its payload type, the binding, is
also HPKE's `info`. HPKE's base mode does not authenticate the sender; the sender's Ed25519
signature over binding and ciphertext does.

Large files are streams of chunks under ChaCha20-Poly1305 (`policy.formats.chunk_stream`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from policy.base.canonical import sha256
from policy.base.error_codes import PolicyCode
from policy.base.errors import BadInput, WrongKey
from policy.base.words import Words
from policy.crypto.envelope import Binding, Envelope, sign, verify
from policy.crypto.keys import HPKE, SealKey, seal_public_key
from policy.formats.chunk_stream import (
    CHUNK_BYTES,
    SEALED_CHUNK_BYTES,
    associated_data,
    nonce,
)


def seal(
    plaintext: bytes, recipient_key: bytes, binding: Binding, signing_key: Ed25519PrivateKey
) -> Envelope:
    """Seal to `recipient_key` (raw public bytes) with the binding as HPKE info, and sign."""
    ciphertext = HPKE.encrypt(plaintext, seal_public_key(recipient_key), info=binding.canonical())
    return sign(binding, ciphertext, signing_key)


def open_seal(
    envelope: Envelope, key: SealKey, expected: Binding, sender_key: Ed25519PublicKey
) -> bytes:
    """The plaintext of a seal with exactly the expected binding; raises WrongKey."""
    if envelope.binding() != expected:
        raise _cannot_open(
            Words(
                "Segel ini milik proyek, periode kunci, atau penerima lain.",
                "This seal belongs to another project, epoch or recipient.",
            )
        )
    verify(envelope, {expected.sender: sender_key})
    try:
        return HPKE.decrypt(envelope.body, key.hpke(), info=expected.canonical())
    except (InvalidTag, ValueError):
        raise _cannot_open(
            Words("Segel tidak terbuka dengan kunci ini.", "The seal does not open with this key.")
        ) from None


@dataclass(frozen=True)
class FileSeal:
    """A new file key and the seal that carries it to the recipient."""

    key: bytes
    envelope: Envelope

    @property
    def header_digest(self) -> str:
        return sha256(self.envelope.canonical())


def new_file_seal(
    recipient_key: bytes, binding: Binding, signing_key: Ed25519PrivateKey
) -> FileSeal:
    key = os.urandom(32)
    return FileSeal(key, seal(key, recipient_key, binding, signing_key))


def encrypt_stream(plaintext: Iterable[bytes], key: bytes, header_digest: str) -> Iterator[bytes]:
    """Encrypted chunks of a stream of blocks of any size; always at least one chunk."""
    cipher = ChaCha20Poly1305(key)
    header = associated_data(header_digest)
    buffer = bytearray()
    counter = 0
    for block in plaintext:
        buffer += block
        while len(buffer) > CHUNK_BYTES:
            yield cipher.encrypt(nonce(counter, last=False), bytes(buffer[:CHUNK_BYTES]), header)
            del buffer[:CHUNK_BYTES]
            counter += 1
    yield cipher.encrypt(nonce(counter, last=True), bytes(buffer), header)


def decrypt_stream(
    chunks: Iterable[bytes | memoryview], key: bytes, header_digest: str
) -> Iterator[bytes]:
    """Plaintext chunks; raises WrongKey if chunks are altered, reordered or missing.

    A chunk is yielded as soon as it is authenticated. A caller may use the whole only after the
    iterator ended without raising.
    """
    cipher = ChaCha20Poly1305(key)
    header = associated_data(header_digest)
    held: bytes | memoryview | None = None
    counter = 0
    for chunk in chunks:
        if len(chunk) > SEALED_CHUNK_BYTES:
            raise _truncated()
        if held is not None:
            yield _decrypt(cipher, held, nonce(counter, last=False), header)
            counter += 1
        held = chunk
    if held is None:
        raise _truncated()
    yield _decrypt(cipher, held, nonce(counter, last=True), header)


def _decrypt(
    cipher: ChaCha20Poly1305, chunk: bytes | memoryview, its_nonce: bytes, header: bytes
) -> bytes:
    try:
        return cipher.decrypt(its_nonce, chunk, header)
    except (InvalidTag, ValueError):
        raise _truncated() from None


def _cannot_open(problem: Words) -> WrongKey:
    return WrongKey(
        PolicyCode.SEAL_CLOSED,
        problem,
        Words(
            "Pastikan berkas itu dikirim untuk proyek dan instansi ini, lalu minta ulang.",
            "Make sure the file was meant for this project and agency, then ask for it again.",
        ),
    )


def _truncated() -> BadInput:
    return BadInput(
        PolicyCode.STREAM_TRUNCATED,
        Words(
            "Berkas tersegel terpotong, tertukar urutannya, atau diubah.",
            "The sealed file is cut short, out of order or altered.",
        ),
        Words("Kirim atau unduh ulang berkas itu.", "Send or download the file again."),
    )
