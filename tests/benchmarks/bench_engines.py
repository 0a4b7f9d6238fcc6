"""What an engine adds to a unit of work, and what a second core brings."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from linkage_service.engines import Engine, SearchJob
from linkage_service.engines.local import on_this_machine
from linkage_service.engines.ray import on_ray
from linkage_service.matching import EncodedDataset, Tile, pack_words, plan_tiles
from tests.benchmarks.bench_matching import clks
from tests.benchmarks.figures import Figure
from tests.support.ray_cluster import running_ray

ROWS = 48_000
TILE_ROWS = 8_000  # close to the service's own
SMALL_ROWS, SMALL_TILE_ROWS = 2_000, 50  # units that cost next to nothing
THRESHOLDS_PPM = {"utama": 850_000}
ROUNDS = 3


def run() -> list[Figure]:
    work, units = job(ROWS, TILE_ROWS)
    little, many = job(SMALL_ROWS, SMALL_TILE_ROWS)
    with tempfile.TemporaryDirectory() as folder, running_ray(workers=2):
        scratch = Path(folder)
        local: dict[int, Callable[[SearchJob], AbstractContextManager[Engine]]] = {
            n: lambda job, n=n: on_this_machine(n, job, scratch) for n in (1, 2)
        }
        two_cores = in_turns({"one": (local[1], work, units), "two": (local[2], work, units)})
        overheads = in_turns(
            {"local": (local[1], little, many), "ray": (lambda j: on_ray("auto", j), little, many)}
        )
        on_cluster = in_turns(
            {"local": (local[2], work, units), "ray": (lambda j: on_ray("auto", j), work, units)}
        )
    return [
        rate("tiles of 8,000 rows a side, two processes", two_cores, "two", "one", "one process"),
        rate("the same on Ray, two workers", on_cluster, "ray", "local", "two local processes"),
        Figure("one unit's way to a local process and back", 1e3 / overheads["local"], "ms"),
        Figure("one unit's way to a Ray worker and back", 1e3 / overheads["ray"], "ms"),
    ]


def job(rows: int, tile_rows: int) -> tuple[SearchJob, list[Tile]]:
    datasets = []
    for name, seed in (("kiri", 1), ("kanan", 2)):
        filters = clks(rows, seed)
        tokens = filters[:, :16].copy()
        datasets.append(EncodedDataset(name, {"utama": pack_words(filters)}, tokens))
    return SearchJob(datasets, THRESHOLDS_PPM), plan_tiles([rows, rows], tile_rows)


def in_turns(
    contestants: dict[
        str, tuple[Callable[[SearchJob], AbstractContextManager[Engine]], SearchJob, Sequence[Tile]]
    ],
) -> dict[str, float]:
    """Median units a second of each."""
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, (opened, work, units) in contestants.items():
            with opened(work) as engine:
                for number, unit in enumerate(units):
                    engine.submit(number, unit)
                results = engine.results(lambda: False)
                # The first ones wait for the processes, which start once a run.
                for _ in range(4):
                    next(results)
                start = time.perf_counter()
                rest = sum(1 for _ in results)
                rates[name].append(rest / (time.perf_counter() - start))
    return {name: sorted(each)[ROUNDS // 2] for name, each in rates.items()}


def rate(name: str, rates: dict[str, float], ours: str, peer: str, which: str) -> Figure:
    return Figure(name, rates[ours], "tiles/s", which, rates[peer], rates[ours] / rates[peer])
