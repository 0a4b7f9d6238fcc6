"""All pairs of sources by all methods: `python -m tests.benchmarks.quality --persons 100000`."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from encoder.synthetic import SOURCES
from tests.benchmarks.quality.baselines import ExactNik, NikAndName, Pakewa
from tests.benchmarks.quality.judge import (
    ENOUGH_PAIRS,
    RECALL_GAP,
    Pairs,
    judge,
    strata,
    without_nik,
)
from tests.benchmarks.quality.methods import (
    ClkhashWithAnonlink,
    Padan,
    default_charter,
    plain_charter,
)
from tests.benchmarks.quality.sources import Source, read_source, write

RESULTS = Path("bench-quality.json")
# Thresholds were chosen on other seeds (docs/explanation/hardening.md).
SEED = 2_000


def main() -> None:
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--persons", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--source", action="append", default=[])
    options.add_argument("--share", action="append", default=[], help="for example ppks=0.3")
    options.add_argument("--no-peer", action="store_true", help="leave clkhash + anonlink out")
    chosen = options.parse_args()
    methods: list[Any] = [
        Padan("Padan, default", default_charter()),
        Padan("Padan, plain", plain_charter()),
        ExactNik(),
        NikAndName(),
        Pakewa(),
    ]
    if not chosen.no_peer:
        methods.append(ClkhashWithAnonlink())
    console = Console(width=150)
    with tempfile.TemporaryDirectory() as folder:
        shares = {name: float(of) for name, of in (each.split("=") for each in chosen.share)}
        names = write(Path(folder), chosen.persons, chosen.seed, tuple(chosen.source), shares)
        sources = [read_source(Path(folder), name) for name in names]
    results = []
    for left, right in combinations(sources, 2):
        results += list(_pair(console, methods, left, right))
    RESULTS.write_text(json.dumps(results, indent=1))
    missed = [f"{r['pair']}: {miss}" for r in results for miss in r.get("missed", [])]
    console.print("strata more than five points below the average recall:", missed or "none")


def _pair(
    console: Console, methods: list[Any], left: Source, right: Source
) -> Iterator[dict[str, Any]]:
    title = f"{_titled(left)} - {_titled(right)}"
    table = Table(
        "method", "precision", "95 %", "recall", "with review", "F1",
        "no NIK: precision", "pairs", "recall", "seconds", title=title,
    )  # fmt: skip
    for method in methods:
        started = time.perf_counter()
        pairs = method.pairs(left, right)
        took = time.perf_counter() - started
        score, bare = judge(left, right, pairs), without_nik(left, right, pairs)
        low, high = score.interval()
        table.add_row(
            method.name,
            f"{score.precision:.5f}",
            f"{low:.5f}-{high:.5f}",
            f"{score.recall:.4f}",
            f"{score.recall_with_review:.4f}",
            f"{score.f1:.4f}",
            f"{bare.precision:.5f}",
            f"{bare.pairs:,}",
            f"{bare.recall:.4f}",
            f"{took:.1f}",
        )
        found: dict[str, Any] = {
            "pair": title,
            "method": method.name,
            "true": score.true_people,
            "pairs": score.pairs,
            "false": score.false,
            "precision": score.precision,
            "interval": [low, high],
            "recall": score.recall,
            "recall_with_review": score.recall_with_review,
            "f1": score.f1,
            "no_nik": {"pairs": bare.pairs, "false": bare.false, "recall": bare.recall},
        }
        if method is methods[0]:
            found["strata"], found["missed"] = _strata(left, right, pairs, score.recall)
        yield found
    console.print(table)


def _titled(source: Source) -> str:
    return f"{source.name} ({SOURCES[source.name].profile})"


def _strata(
    left: Source, right: Source, pairs: Pairs, average: float
) -> tuple[dict[str, Any], list[str]]:
    found, missed = {}, []
    for name, people in strata(left, right).items():
        score = judge(left, right, pairs, people)
        if score.true_people < ENOUGH_PAIRS:
            continue
        found[name] = {
            "true": score.true_people,
            "recall": score.recall,
            "with_review": score.recall_with_review,
            "precision": score.precision,
        }
        if score.recall < average - RECALL_GAP:
            missed.append(f"{name} {score.recall:.3f} (average {average:.3f})")
    return found, missed


if __name__ == "__main__":
    main()
