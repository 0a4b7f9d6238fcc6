"""A small job for an engine, with what it must find."""

from __future__ import annotations

import numpy as np

from linkage_service.engines import Engine, SearchJob
from linkage_service.matching import EncodedDataset, Tile, pack_words, plan_tiles

THRESHOLDS_PPM = {"utama": 600_000}


def job(rows: int, seed: int = 1) -> SearchJob:
    """Two datasets of random filters, of which a tenth are the same on both sides."""
    random = np.random.default_rng(seed)
    filters = [random.integers(0, 256, (rows, 128), dtype=np.uint8) for _ in range(2)]
    filters[1][: rows // 10] = filters[0][: rows // 10]
    return SearchJob(
        [
            EncodedDataset(
                name,
                {"utama": pack_words(each)},
                random.integers(0, 256, (rows, 16), dtype=np.uint8),
            )
            for name, each in zip(("kiri", "kanan"), filters, strict=True)
        ],
        THRESHOLDS_PPM,
    )


def plan(work: SearchJob, tile_rows: int) -> list[Tile]:
    return plan_tiles([dataset.rows for dataset in work.datasets], tile_rows)


def expected(work: SearchJob, units: list[Tile]) -> dict[int, bytes]:
    """What every engine must find, unit by unit."""
    return {number: work.result(unit) for number, unit in enumerate(units)}


def submit_all(engine: Engine, units: list[Tile]) -> None:
    for number, unit in enumerate(units):
        engine.submit(number, unit)
