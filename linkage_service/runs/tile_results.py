"""The stored results of a run's tiles: which tiles are finished, and what they found.

A tile is finished when its blob exists. The blob begins with the SHA-256 of the rest, so that a
blob cut short by a power failure or changed by a disk is detected, and its tile matched again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from linkage_service.matching import Candidates, from_bytes
from linkage_service.storage.blobs import Blobs

_DIGEST_BYTES = 32


@dataclass(frozen=True)
class Found:
    """The results of one run's tiles."""

    blobs: Blobs
    project: str
    run: str
    kind: str = "tiles"

    def finished(self) -> set[int]:
        """The numbers of the tiles whose results are stored."""
        return {int(name) for name in self.blobs.under(self._folder)}

    def put(self, number: int, candidates: bytes) -> None:
        """Store once; an existing result stays, since every engine finds the same."""
        digest = hashlib.sha256(candidates).digest()
        self.blobs.put(self._name(number), digest + candidates)

    def drop_damaged(self, numbers: Iterable[int]) -> list[int]:
        """Delete damaged results and return their numbers."""
        damaged = [number for number in numbers if not _is_whole(self._stored(number))]
        for number in damaged:
            self.blobs.delete(self._name(number))
        return damaged

    def get(self, number: int) -> Candidates:
        """The candidates of an undamaged result."""
        return from_bytes(self._stored(number)[_DIGEST_BYTES:])

    @property
    def _folder(self) -> str:
        return f"{self.project}/runs/{self.run}/{self.kind}"

    def _name(self, number: int) -> str:
        return f"{self._folder}/{number:08d}"

    def _stored(self, number: int) -> bytes:
        return self.blobs.get(self._name(number))


def _is_whole(stored: bytes) -> bool:
    return stored[:_DIGEST_BYTES] == hashlib.sha256(stored[_DIGEST_BYTES:]).digest()
