"""Nonces of a stream, and one stream whose bytes another implementation can compare."""

from __future__ import annotations

import hashlib

from policy.crypto.sealing import encrypt_stream
from policy.formats.chunk_stream import SEALED_CHUNK_BYTES, associated_data, nonce

KEY = bytes(range(32))
SEAL = "5e" * 32


def test_a_nonce_is_the_chunk_number_and_a_last_byte() -> None:
    assert nonce(0, last=False).hex() == "00" * 12
    assert nonce(0x0102, last=True).hex() == "00" * 9 + "0102" + "01"


def test_the_seal_is_bound_as_hex_text() -> None:
    assert associated_data(SEAL) == b"5e" * 32


def test_a_stored_stream_keeps_its_bytes() -> None:
    (only,) = encrypt_stream([b"baris"], KEY, SEAL)
    assert only.hex() == "0b3d0eb042f9da3981fb7ea3b1d6d4ad8477d5cb00"
    first, last = encrypt_stream([bytes(1024 * 1024), b"baris"], KEY, SEAL)
    assert (len(first), len(last)) == (SEALED_CHUNK_BYTES, 5 + 16)
    assert (
        hashlib.sha256(first + last).hexdigest()
        == "7bdd4549fb16aabef00866944d7b47243572f5c7a5f6117b7a17920101ee7329"
    )
