"""How often do the intervals of the calibration hold the truth? On synthetic populations.

    python -m tests.benchmarks.bench_calibration [people] [seeds] [sources]

prints a line a population. Sources are two names, as `regsosek,dtks`.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from encoder.synthetic import SOURCES
from linkage_service.matching import (
    calibrate,
    pair_evidence,
    solve_domain,
)
from linkage_service.matching.calibration_facts import Calibration
from linkage_service.matching.evidence import PairEvidence
from policy.base.shares import Interval
from tests.benchmarks.figures import Figure
from tests.benchmarks.quality.methods import Padan, default_charter
from tests.benchmarks.quality.sources import Source, read_source, write

PEOPLE = 2_500
SEEDS = 25
SOURCES_TWO = ("regsosek", "dtks")


@dataclass(frozen=True)
class Case:
    """A calibration, and what it estimated, in parts per million."""

    facts: Calibration
    precision: int
    recall: int

    @property
    def precision_held(self) -> bool:
        return holds(self.facts.precision_ppm, self.precision)

    @property
    def recall_held(self) -> bool:
        return holds(self.facts.recall_ppm, self.recall)


def run() -> list[Figure]:
    cases = list(populations(PEOPLE, range(1, SEEDS + 1), SOURCES_TWO))
    what = f"of {SEEDS} populations of {PEOPLE} people; 95 % nominal"
    return [
        Figure(
            f"calibration's interval holds the {name}", 100 * sum(held) / len(cases), f"% {what}"
        )
        for name, held in (
            ("precision", [case.precision_held for case in cases]),
            ("recall", [case.recall_held for case in cases]),
        )
    ]


def populations(people: int, seeds: range, names: tuple[str, ...]) -> Iterator[Case]:
    assert set(names) <= set(SOURCES)
    padan = default_charter()
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), people, seed, names, {})
            sources = [read_source(Path(folder), name) for name in names]
        # What is counted is how populations differ: their keys are the same each time.
        secret = hashlib.sha256(f"population {seed}".encode()).digest()
        yield case(Padan(str(seed), padan, secret=secret), sources)


def case(padan: Padan, sources: list[Source]) -> Case:
    datasets = [padan._dataset(source) for source in sources]
    sizes = [dataset.rows for dataset in datasets]
    candidates = padan.standing(padan.found(datasets), datasets)
    groups = solve_domain(candidates, [0, 1], sizes)
    rule = padan.rule.without(padan.charter.nik_field)
    evidence = pair_evidence(*datasets, candidates, groups, (0, 1), rule)
    facts = calibrate(evidence)
    assert facts is not None
    return Case(facts, *truth(evidence, *sources))


def truth(evidence: PairEvidence, left: Source, right: Source) -> tuple[int, int]:
    """Precision of the pairs whose rows have no partner by NIK; recall of all people."""
    linked = [np.zeros(source.rows, bool) for source in (left, right)]
    linked[0][evidence.left[evidence.token]] = True
    linked[1][evidence.right[evidence.token]] = True
    same = left.person[evidence.left] == right.person[evidence.right]
    others = evidence.accepted & ~linked[0][evidence.left] & ~linked[1][evidence.right]
    people = np.intersect1d(left.person, right.person)
    found = np.unique(left.person[evidence.left[evidence.accepted & same]])
    return round(1e6 * float(np.mean(same[others]))), round(1e6 * len(found) / len(people))


def holds(interval: Interval, value: int) -> bool:
    return interval.low <= value <= interval.high


def main() -> None:
    arguments = dict(enumerate(sys.argv[1:]))
    people, seeds = int(arguments.get(0, PEOPLE)), int(arguments.get(1, SEEDS))
    names = tuple(arguments.get(2, ",".join(SOURCES_TWO)).split(","))
    cases = []
    for each in populations(people, range(1, seeds + 1), names):
        cases.append(each)
        for what, value, interval, held in (
            ("precision", each.precision, each.facts.precision_ppm, each.precision_held),
            ("recall", each.recall, each.facts.recall_ppm, each.recall_held),
        ):
            mark = "" if held else "  MISSED"
            print(f"{len(cases):3} {what:9} {value:7} {interval}{mark}", flush=True)
    for what, held in (
        ("precision", [each.precision_held for each in cases]),
        ("recall", [each.recall_held for each in cases]),
    ):
        print(f"{what}: held {sum(held)} of {len(cases)}")


if __name__ == "__main__":
    main()
