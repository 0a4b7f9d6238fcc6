"""Keyed numbers for values: a pseudorandom function with a key for each purpose."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from encoder.encoding.hardening.votes import Words

_NUMBERS_A_MAC = 4  # only the first is used


class Prf:
    """64-bit numbers for byte strings, by HMAC-SHA256 under a key for one purpose."""

    def __init__(self, key: bytes, purpose: str) -> None:
        mac = HMAC(key, SHA256())
        mac.update(b"padan/compound-1\0" + purpose.encode())
        self.key = mac.finalize()
        self._keyed = HMAC(self.key, SHA256())

    def number(self, value: bytes) -> int:
        return int(self.numbers([value])[0])

    def numbers(self, values: Iterable[bytes]) -> Words:
        """uint64 (values,); writable."""
        macs: list[bytes] = []
        fresh, append = self._keyed.copy, macs.append
        for value in values:
            mac = fresh()
            mac.update(value)
            append(mac.finalize())
        return np.frombuffer(b"".join(macs), ">u8")[::_NUMBERS_A_MAC].astype(np.uint64)
