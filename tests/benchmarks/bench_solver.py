"""From candidate pairs to groups: beside anonlink's solver, and at twenty million pairs."""

from __future__ import annotations

import time

import anonlink.solving
import numpy as np

from linkage_service.matching import Candidates, gather, greedy_solve, solve_domain
from tests.benchmarks.figures import Figure, faster, seconds

BESIDE_THE_PEER = 1_000_000
MANY = 20_000_000


def run() -> list[Figure]:
    return [solver_figure(), whole_figure()]


def solver_figure() -> Figure:
    candidates = gather([pairs_between_three(BESIDE_THE_PEER)])
    sizes = [BESIDE_THE_PEER // 2] * 3
    columns = (
        candidates.similarity,
        (candidates.left_dataset.astype("I"), candidates.right_dataset.astype("I")),
        (candidates.left_row.astype("I"), candidates.right_row.astype("I")),
    )
    groups = greedy_solve(candidates, sizes)
    assert groups.count == len(anonlink.solving.greedy_solve(columns))
    times = seconds(
        {
            "ours": lambda: greedy_solve(candidates, sizes),
            "peer": lambda: anonlink.solving.greedy_solve(columns),
        }
    )
    return faster(
        "greedy solver, three datasets",
        "M candidates/s",
        "anonlink 0.15.3 greedy_solve",
        {name: len(candidates) / elapsed / 1e6 for name, elapsed in times.items()},
    )


def whole_figure() -> Figure:
    """Ordering and solving together, from pairs in no order: processor time, of one core."""
    sizes = [MANY // 2] * 3
    solve_domain(gather([pairs_between_three(1000)]), [0, 1, 2], sizes)
    candidates = pairs_between_three(MANY)
    start = time.process_time()
    solve_domain(gather([candidates]), [0, 1, 2], sizes)
    elapsed = time.process_time() - start
    return Figure(f"order and solve {MANY:,} candidate pairs", elapsed, "s of one core")


def pairs_between_three(pairs: int) -> Candidates:
    """True matches in three datasets at high similarity, strangers below, in no order."""
    random = np.random.default_rng(4)
    left = random.integers(0, 2, pairs)
    right = random.integers(left + 1, 3)
    row = random.integers(0, pairs // 2, pairs)
    strangers = random.random(pairs) < 0.4
    other = np.where(strangers, random.integers(0, pairs // 2, pairs), row)
    return Candidates(
        np.where(strangers, random.uniform(0.8, 0.88, pairs), random.uniform(0.84, 1, pairs)),
        left.astype(np.uint16),
        right.astype(np.uint16),
        row.astype(np.uint32),
        other.astype(np.uint32),
    )
