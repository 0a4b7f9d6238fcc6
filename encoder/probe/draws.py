"""Bytes in place of chance, the same for one seed: whoever repeats probes draws what was drawn."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass
class Draws:
    """Keys and handles of synthetic people, one draw after the other; real ones are never these."""

    seed: int
    _drawn: int = 0

    def bytes(self, count: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_256(f"padan probe/{self.seed}/{self._drawn}".encode()).digest(count)
