"""What all units of a run share, and the one function that matches a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linkage_service.matching import EncodedDataset, Tile, match_tile


@dataclass(frozen=True)
class Job:
    """The datasets of a run, in its order, and the thresholds of its encodings."""

    datasets: Sequence[EncodedDataset]
    thresholds_ppm: Mapping[str, int]

    def result(self, unit: Tile) -> bytes:
        """The candidates of one unit in their stored form: a function of its arguments alone."""
        left, right = self.datasets[unit.left_dataset], self.datasets[unit.right_dataset]
        return match_tile(left, right, unit, self.thresholds_ppm).to_bytes()
