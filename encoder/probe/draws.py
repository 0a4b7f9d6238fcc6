"""Pseudorandom bytes from a seed: repeated probes draw the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass
class Draws:
    """Draws keys and handles of synthetic people in turn; never used for real ones."""

    seed: int
    _drawn: int = 0

    def bytes(self, count: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_256(f"padan probe/{self.seed}/{self._drawn}".encode()).digest(count)
