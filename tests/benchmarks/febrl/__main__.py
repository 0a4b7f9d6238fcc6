"""Precision, recall and F1 on FEBRL 1 to 4: `python -m tests.benchmarks.febrl`."""

from __future__ import annotations

import json
import platform
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import padan
from tests.benchmarks.febrl.data import FILES, Febrl, read
from tests.benchmarks.febrl.methods import (
    candidate_pairs,
    chosen_threshold,
    clkhash_with_anonlink,
    hardened_pairs,
)

RESULTS = Path("bench-febrl.json")


def main() -> None:
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    table = Table("FEBRL", "method", "threshold", "precision", "recall", "F1", "seconds")
    results = [result for name in FILES for result in measured(read(name))]
    for each in results:
        shares = (f"{each[name]:.4f}" for name in ("precision", "recall", "f1"))
        table.add_row(
            each["data"], each["method"], each["threshold"], *shares, f"{each['seconds']:.1f}"
        )
    Console(width=120).print(table)
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    RESULTS.write_text(json.dumps({"machine": machine, "results": results}, indent=1))


def measured(data: Febrl) -> Iterator[dict[str, Any]]:
    """Every method on one data set; components only within one list."""
    started = time.perf_counter()
    pairs = candidate_pairs(data)
    threshold = chosen_threshold(data, pairs)
    shared = time.perf_counter() - started
    passing = pairs[pairs.similarity >= threshold]
    alone = len(data.lists) == 1

    def result(method: str, way: Callable[[], Any], used: str, before: float) -> dict[str, Any]:
        started = time.perf_counter()
        score = padan.score(way(), data.truth)
        return {
            "data": data.name,
            "method": method,
            "threshold": used,
            "precision": score.precision.value,
            "recall": score.recall.value,
            "f1": score.f1.value,
            "seconds": before + time.perf_counter() - started,
        }

    plain = f"{threshold:.2f}"
    yield result("Padan, plain, complete", lambda: padan.link(passing), plain, shared)
    if alone:
        way = lambda: padan.link(passing, linkage="connected")  # noqa: E731
        yield result("Padan, plain, connected", way, plain, shared)
    theirs = lambda: clkhash_with_anonlink(data, threshold)  # noqa: E731
    yield result("clkhash + anonlink", theirs, plain, 0.0)
    started = time.perf_counter()
    hardened = hardened_pairs(data)
    took = time.perf_counter() - started
    yield result("Padan, compound-2, complete", lambda: padan.link(hardened), "charter", took)
    if alone:
        way = lambda: padan.link(hardened, linkage="connected")  # noqa: E731
        yield result("Padan, compound-2, connected", way, "charter", took)


if __name__ == "__main__":
    main()
