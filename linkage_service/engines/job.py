"""The shared data of a run's units, and the function that matches one unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from linkage_service.matching import EncodedDataset, Samplings, Unit, match_unit


@dataclass(frozen=True)
class SearchJob:
    """The datasets of a run, in order, and how to search each encoding."""

    datasets: Sequence[EncodedDataset]
    thresholds_ppm: Mapping[str, int]
    samplings: Samplings = field(default_factory=dict)

    def in_memory(self) -> SearchJob:
        """The same job without files of this machine, for another machine."""
        datasets = [
            replace(each, encodings=dict(each.encodings), blocks=dict(each.blocks))
            for each in self.datasets
        ]
        return replace(self, datasets=datasets)

    def result(self, unit: Unit) -> bytes:
        """The candidates of one unit in stored form; depends only on the arguments."""
        left, right = self.datasets[unit.left_dataset], self.datasets[unit.right_dataset]
        found = match_unit(left, right, unit, self.thresholds_ppm, self.samplings)
        return found.to_bytes()
