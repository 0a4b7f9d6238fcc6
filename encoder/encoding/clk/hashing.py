"""Which bits a token sets: the first k positions of a sequence determined by the key.

The two constructions of clkhash: keyed BLAKE2b cut into 16-bit numbers, and double
hashing by HMAC-SHA1 and HMAC-MD5 (Schnell, Bachteler, Reiher 2011). The digests are
cached, since the same token occurs with several k.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from encoder.encoding.clk.document import DoubleHash, TokenHash

Positions = NDArray[np.int64]
Hash = Callable[[str, int], Positions]

_DIGESTS_KEPT = 1 << 14
_NUMBERS_A_DIGEST = 32


def hash_of(kind: TokenHash, encoding: str, keys: Sequence[bytes], bits: int) -> Hash:
    """The hash of one feature by its two keys; filters have `bits` bits before folding."""
    if isinstance(kind, DoubleHash):
        return double_hash(keys, encoding, bits, regular=kind.prevent_singularity)
    return blake_hash(keys[0], encoding, bits)


def blake_hash(key: bytes, encoding: str, bits: int) -> Hash:
    if bits & (bits - 1):
        raise ValueError("blakeHash needs a power of two")

    @lru_cache(_DIGESTS_KEPT)
    def digest(token: str, number: int) -> bytes:
        return blake2b(token.encode(encoding), key=key, salt=str(number).encode()).digest()

    def positions(token: str, k: int) -> Positions:
        digests = [digest(token, number) for number in range(-(-k // _NUMBERS_A_DIGEST))]
        # In native byte order, as clkhash reads them.
        return np.frombuffer(b"".join(digests), np.uint16)[:k].astype(np.int64) % bits

    return positions


def double_hash(keys: Sequence[bytes], encoding: str, bits: int, *, regular: bool) -> Hash:
    """Double hashing; `regular` avoids a step of 0, which would set one bit for any k."""
    sha1_key, md5_key = keys

    @lru_cache(_DIGESTS_KEPT)
    def start_and_step(token: str) -> tuple[int, int]:
        data = token.encode(encoding)
        step = _number(md5_key, data, "md5") % bits
        tries = 0
        while regular and step == 0:
            step = _number(md5_key, data + chr(tries).encode(), "md5") % bits
            tries += 1
        return _number(sha1_key, data, "sha1") % bits, step

    def positions(token: str, k: int) -> Positions:
        start, step = start_and_step(token)
        return (start + np.arange(k, dtype=np.int64) * step) % bits

    return positions


def _number(key: bytes, data: bytes, algorithm: str) -> int:
    return int.from_bytes(hmac.digest(key, data, algorithm), "big")
