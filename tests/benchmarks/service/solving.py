"""The memory of a run beyond its search: rows written to files, pairs gathered, groups solved.

Runs the service's own steps on random rows of the default terms, in a process of its own. Only
the comparison of filters is left out, since it takes hours at this size: the pairs that it would
find are given. Each of seven tenths of the people is found by every encoding, as by a search.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkage_service.intake.arrays import RowColumns, RunData
from linkage_service.matching import Candidates
from linkage_service.runs import outcome, plans
from policy.charter import Charter
from policy.formats.bundle_row import HANDLE_BYTES
from policy.statements import RunOrder
from tests.benchmarks.memory import Memory
from tests.benchmarks.quality.methods import tagged_charter
from tests.benchmarks.service.default_rows import block, layout_of
from tests.benchmarks.service.machine import load

_ROWS_AT_ONCE = 20_000
_NAMES = ("regsosek", "dtks")
_TILE_ROWS = 20_000


def measured(rows: int) -> Iterator[dict[str, Any]]:
    """The peak of each step of a run of two lists of so many rows."""
    command = [sys.executable, "-m", "tests.benchmarks.service.solving", str(rows)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    for step in json.loads(done.stdout):
        yield {"rows": 2 * rows, **step, "load": load()}


def steps(rows: int) -> Iterator[dict[str, Any]]:
    charter = tagged_charter(rows)
    terms = charter.matching
    order = RunOrder(
        at=0,
        purpose="uji",
        domains=("uji",),
        thresholds_ppm=terms.thresholds_ppm,
        nik_floor_ppm=terms.nik_floor_ppm,
    )
    with tempfile.TemporaryDirectory() as folder:
        with Memory() as memory:
            data, shared = _data(Path(folder), charter, rows)
        yield _step("rows into files", memory)
        with Memory() as memory:
            plan = plans.whole(data, charter, order, _TILE_ROWS)
            plan.job.result(plan.units[0])
        yield _step("plan, and one unit", memory)
        with Memory() as memory:
            found = outcome.candidates(data, charter, order, _found(shared, order))
        yield _step(f"NIK leg, and {len(found):,} pairs gathered", memory)
        with Memory() as memory:
            pairs = outcome.standing(found, data, charter, order)
        yield _step("pairs judged", memory)
        with Memory() as memory:
            outcome.solve_domain(pairs.certain(), [0, 1], data.sizes)
        yield _step("groups", memory)


def _step(what: str, memory: Memory) -> dict[str, Any]:
    """Pss at the most, and what of it no file backs."""
    return {
        "what": what,
        "peak_mib": round(memory.peak / 2**20),
        "allocated_mib": round(memory.anonymous / 2**20),
    }


def _data(folder: Path, charter: Charter, rows: int) -> tuple[RunData, NDArray[np.uint32]]:
    """Two lists in files, and the rows that are one person in both.

    The filters of every twenty thousand rows repeat; NIK tokens and handles do not.
    """
    layout = layout_of(charter)
    columns = [RowColumns(folder, name, layout) for name in _NAMES]
    sides, alone = block(layout, _ROWS_AT_ONCE, 1)
    for each in columns:
        each.create()
    drawn = np.random.default_rng(2)
    for start in range(0, rows, _ROWS_AT_ONCE):
        some = min(_ROWS_AT_ONCE, rows - start)
        tokens = _drawn(drawn, some)
        for each, side in zip(columns, sides, strict=True):
            part = side[:some].copy()
            part[:, :HANDLE_BYTES] = _drawn(drawn, some)
            part[:, layout.places.token] = tokens
            if side is sides[1]:
                part[alone[:some], layout.places.token] = _drawn(drawn, some)[alone[:some]]
            each.append(part)
    loaded = []
    for each in columns:
        each.close()
        loaded.append(each.dataset(in_order=True))
    shared = np.arange(rows, dtype=np.uint32)[~np.resize(alone, rows)]
    return RunData(_NAMES, [each for each, _ in loaded], [each for _, each in loaded]), shared


def _drawn(drawn: np.random.Generator, rows: int) -> NDArray[np.uint8]:
    return np.frombuffer(drawn.bytes(rows * HANDLE_BYTES), np.uint8).reshape(rows, -1)


def _found(shared: NDArray[np.uint32], order: RunOrder) -> Iterator[Candidates]:
    """Every shared person by every encoding that is searched, some at a time."""
    for number, name in enumerate(sorted(order.thresholds_ppm)):
        for start in range(0, len(shared), _ROWS_AT_ONCE):
            rows = shared[start : start + _ROWS_AT_ONCE]
            ones = np.ones(len(rows))
            sides = np.zeros(len(rows), np.uint16), np.ones(len(rows), np.uint16)
            ppm = order.thresholds_ppm[name] + number
            yield Candidates(ones * ppm / 1e6, *sides, rows, rows)


if __name__ == "__main__":
    print(json.dumps(list(steps(int(sys.argv[1])))))
