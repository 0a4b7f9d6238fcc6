"""SAUL on finished CLKs: every bit is the XOR of k majority votes of the CLK's bits.

`W` holds a vote of +-1 for every bit of the CLK and every counted majority, expanded
from the key by ChaCha20. The scheme for token sets is of doi 10.56553/popets-2026-0033;
voting over the bits of a CLK instead is an unreviewed variant.
"""

from __future__ import annotations

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from numpy.typing import NDArray

# float32 represents every count of votes exactly; this many rows fit into the cache.
_ROWS_AT_ONCE = 1 << 11


class Saul:
    """Hardens CLKs of `bits` bits with a 32-byte key; the length does not change."""

    def __init__(self, bits: int, rounds: int, key: bytes) -> None:
        stream = Cipher(algorithms.ChaCha20(key, bytes(16)), mode=None).encryptor()
        drawn = np.frombuffer(stream.update(bytes(bits * rounds * bits // 8)), np.uint8)
        signs = np.unpackbits(drawn).reshape(bits, rounds * bits)
        self._votes = signs.astype(np.float32) * 2 - 1
        ties = np.frombuffer(stream.update(bytes(rounds * bits // 8)), np.uint8)
        # Half a vote decides ties, and never changes another majority.
        self._ties = np.unpackbits(ties).astype(np.float32) - np.float32(0.5)
        self._bits, self._rounds = bits, rounds

    def harden(self, clks: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Hardened CLKs, uint8 (rows, bits / 8), from CLKs of the same shape."""
        hardened = np.empty_like(clks)
        for start in range(0, len(clks), _ROWS_AT_ONCE):
            rows = np.unpackbits(clks[start : start + _ROWS_AT_ONCE], axis=1).astype(np.float32)
            won = (rows @ self._votes + self._ties) > 0
            votes = won.reshape(len(rows), self._rounds, self._bits)
            hardened[start : start + _ROWS_AT_ONCE] = np.packbits(
                np.bitwise_xor.reduce(votes, axis=1), axis=1
            )
        return hardened
