"""An encrypted stream: the rows of a bundle or delta, or a released file.

    a chunk            1 MiB of ciphertext, the last chunk 0 to 1 MiB; then a tag of 16 bytes
    its nonce          11 bytes: the number of the chunk from 0, big-endian
                       1 byte: 1 for the last chunk, else 0
    associated data    the digest of the seal that carries the file key, in 64 hex digits

The cipher is ChaCha20-Poly1305 (`policy.crypto.sealing`) in the STREAM construction, as in age. The
chunks of a bundle are sent one by one, each named by its digest; `documents` lists them. The chunks
of a released file are sent together (`sealed_file`).
"""

from __future__ import annotations

from typing import Final

CHUNK_BYTES: Final = 1024 * 1024
POLY1305_TAG_BYTES: Final = 16
SEALED_CHUNK_BYTES: Final = CHUNK_BYTES + POLY1305_TAG_BYTES
# In the body of one request, which has at most 8 MiB.
CHUNKS_AT_ONCE: Final = 7

_COUNTER_BYTES = 11


def nonce(number: int, *, last: bool) -> bytes:
    """The nonce of a chunk, 12 bytes."""
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([last])


def associated_data(seal_digest: str) -> bytes:
    """The associated data that binds each chunk to its seal."""
    return seal_digest.encode()
