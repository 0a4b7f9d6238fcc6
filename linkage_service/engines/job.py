"""What all units of a run share, and the one function that matches a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linkage_service.matching import EncodedDataset, Samplings, Unit, match_unit


@dataclass(frozen=True)
class Job:
    """The datasets of a run, in its order, and how its encodings are searched."""

    datasets: Sequence[EncodedDataset]
    thresholds_ppm: Mapping[str, int]
    samplings: Samplings = field(default_factory=dict)

    def result(self, unit: Unit) -> bytes:
        """The candidates of one unit in their stored form: a function of its arguments alone."""
        left, right = self.datasets[unit.left_dataset], self.datasets[unit.right_dataset]
        found = match_unit(left, right, unit, self.thresholds_ppm, self.samplings)
        return found.to_bytes()
