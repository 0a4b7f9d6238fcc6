"""The stored results of a run's tiles: which tiles are finished, and what they found.

A tile is finished when its blob exists. A tile whose blob was cut short by a power failure or
changed by a disk (`storage.blobs`) is matched again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from linkage_service.matching import Candidates, from_bytes
from linkage_service.storage.blobs import Blobs


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
        self.blobs.put(self._name(number), candidates)

    def drop_damaged(self, numbers: Iterable[int]) -> list[int]:
        """Delete damaged results and return their numbers."""
        damaged = [n for n in numbers if not self.blobs.is_whole(self._name(n))]
        for number in damaged:
            self.blobs.delete(self._name(number))
        return damaged

    def get(self, number: int) -> Candidates:
        """The candidates of an undamaged result."""
        return from_bytes(self.blobs.get(self._name(number)))

    @property
    def _folder(self) -> str:
        return f"{self.project}/runs/{self.run}/{self.kind}"

    def _name(self, number: int) -> str:
        return f"{self._folder}/{number:08d}"
