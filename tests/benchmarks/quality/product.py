"""From files to lists through the product: `python -m tests.benchmarks.quality.product`.

    --persons 200000 --seed 7301      the population
    --part 1                          one of four linkages; all fifteen pairs without it
    --households                      and what knowing households would bring (an experiment)
    --folder DIR                      keep what the linkages wrote; given again, go on with those
                                      linkages and pairs that are not finished

The pairs of match IDs are judged beside what offices do today on clear text, and the written
lists by their own cells.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from encoder.source.mapping import load_mapping
from encoder.synthetic import SOURCES
from tests.benchmarks.quality.baselines import ExactNik, NikAndName, Pakewa
from tests.benchmarks.quality.households import rescues, searching_lower
from tests.benchmarks.quality.judge import Pairs, judge, without_nik
from tests.benchmarks.quality.list_accuracy import Truth, confirmed, received, rows_in
from tests.benchmarks.quality.programme import COLUMN, PARTS, SENT, Linkage, domain, profiles_of
from tests.benchmarks.quality.sources import Source, mapping_of, read_source
from tests.benchmarks.quality.targets import LEAST_PRECISION, LEAST_RECALL

RESULTS = Path("bench-product.json")
PERSONS, SEED = 200_000, 7_301
PRODUCT = "Padan, from files to list"
CONFIRMED, TITLE = "dikonfirmasi", "Desil nasional"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--persons", type=int, default=PERSONS)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--folder", type=Path)
    options.add_argument("--part", type=int, action="append", choices=range(1, 1 + len(PARTS)))
    options.add_argument("--households", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        linkages = []
        for number in chosen.part or range(1, 1 + len(PARTS)):
            folder = (chosen.folder or Path(temporary)) / f"part-{number}"
            linkages.append(Linkage(folder, chosen.persons, chosen.seed, PARTS[number - 1]))
            if not linkages[-1].is_done():
                shutil.rmtree(folder, ignore_errors=True)
                linkages[-1].run()
        report = {
            "persons": chosen.persons,
            "seed": chosen.seed,
            "seconds": [each.seconds for each in linkages],
            "service_peak_bytes": max(each.service_peak for each in linkages),
            "pairs": [
                found for each in linkages for pair in each.pairs for found in _kept(each, pair)
            ],
            "lists": [found for each in linkages for found in listed(each)],
            "households": [found for each in linkages for found in rescued(each)]
            if chosen.households
            else [],
        }
    report["peak_bytes"] = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report["misses"] = [miss for each in report["pairs"] for miss in each.pop("misses", ())]
    empty = (each["column"] for each in report["lists"] if not each["said"])
    report["misses"] += [f"{column}: no cell" for column in empty]
    RESULTS.write_text(json.dumps(report, indent=1))
    show(Console(width=150), report)


def _kept(linkage: Linkage, pair: tuple[str, str]) -> list[dict[str, Any]]:
    """What `judged` found, from an earlier judge of the same linkage if it finished this pair."""
    kept = linkage.folder / "judged" / f"{domain(pair)}.json"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(judged(linkage, pair)))
    found: list[dict[str, Any]] = json.loads(kept.read_text())
    return found


def judged(linkage: Linkage, pair: tuple[str, str]) -> list[dict[str, Any]]:
    """The released pairs, then those of each clear-text method, of two sources."""
    left, right = (read_source(linkage.sources, name) for name in pair)
    found = released_pairs(linkage, pair, left, right)
    results = [_result(PRODUCT, pair, left, right, found)]
    for method in (ExactNik(), NikAndName(), Pakewa()):
        results.append(_result(method.name, pair, left, right, method.pairs(left, right)))
    results[0]["misses"] = _misses(results[0], results[1:])
    return results


def released_pairs(linkage: Linkage, pair: tuple[str, str], left: Source, right: Source) -> Pairs:
    """Rows of two sources whose match IDs are equal."""
    sides = []
    for name, source in zip(pair, (left, right), strict=True):
        row_of = {record: row for row, record in enumerate(source.record_ids)}
        ids = rows_in(linkage.ids_of(pair, name))
        sides.append({row["match_id"]: row_of[row["record_id"]] for row in ids})
    both = sorted(sides[0].keys() & sides[1].keys())
    ends = [np.array([side[each] for each in both], np.int64) for side in sides]
    return Pairs(ends[0], ends[1], len(both))


def listed(linkage: Linkage) -> Iterator[dict[str, Any]]:
    """Each list's columns, judged by the cells that were written."""
    truth = Truth.read(linkage.sources / "truth.csv")
    for own, source in linkage.pairs:
        record_id = load_mapping(mapping_of(own)).record_id
        assert isinstance(record_id, str)
        files = [linkage.list_of(own, people) for people in ("found", "not-found")]
        rows = [row for file in files for row in rows_in(file)]
        where = {"list": own, "source": source, "rows": len(rows)}
        column = _column(rows[0], CONFIRMED, source)
        found = confirmed(rows, truth, own, record_id, source, column)
        yield _accuracy(where | {"column": column}, found)
        if (own, source) == SENT:
            values = _values(linkage, source)
            column = _column(rows[0], TITLE)
            got = received(rows, truth, own, record_id, source, column, values)
            yield _accuracy(where | {"column": column or f"{TITLE}: missing"}, got)


def _column(row: dict[str, str], *words: str) -> str:
    """The only column of a list whose name has all of these words; '' if there is none."""
    found = [name for name in row if all(word.casefold() in name.casefold() for word in words)]
    return found[0] if len(found) == 1 else ""


def rescued(linkage: Linkage) -> Iterator[dict[str, Any]]:
    """What a second pass by households would add, for each pair of sources."""
    padan = searching_lower(linkage.persons)
    for pair in linkage.pairs:
        left, right = (read_source(linkage.sources, name) for name in pair)
        for each in rescues(padan, left, right):
            yield {"pair": " - ".join(pair), **asdict(each)}


def _values(linkage: Linkage, source: str) -> dict[str, str]:
    record_id = load_mapping(mapping_of(source)).record_id
    assert isinstance(record_id, str)
    rows = rows_in(linkage.sources / f"{source}.csv", SOURCES[source].delimiter)
    return {row[record_id]: row[COLUMN] for row in rows}


def _accuracy(where: dict[str, Any], found: Any) -> dict[str, Any]:
    return where | asdict(found) | {"precision": found.precision, "recall": found.recall}


def _result(
    method: str, pair: tuple[str, str], left: Source, right: Source, pairs: Pairs
) -> dict[str, Any]:
    score, bare = judge(left, right, pairs), without_nik(left, right, pairs)
    return {
        "pair": " - ".join(pair),
        "profiles": profiles_of(pair),
        "method": method,
        "true": score.true_people,
        "pairs": score.pairs,
        "false": score.false,
        "precision": score.precision,
        "interval": score.interval(),
        "recall": score.recall,
        "recall_interval": score.recall_interval(),
        "f1": score.f1,
        "no_nik": {
            "pairs": bare.pairs,
            "false": bare.false,
            "precision": bare.precision,
            "recall": bare.recall,
        },
    }


def _misses(ours: dict[str, Any], others: list[dict[str, Any]]) -> list[str]:
    least, pair = LEAST_RECALL.get(frozenset(ours["profiles"]), 0.0), ours["pair"]
    misses = []
    if ours["recall"] < least:
        misses.append(f"{pair}: recall {ours['recall']:.4f}, target {least}")
    if ours["no_nik"]["precision"] < LEAST_PRECISION:
        bare = ours["no_nik"]
        misses.append(f"{pair}: {bare['false']} of {bare['pairs']} false without NIK")
    for other in others:
        if other["f1"] >= ours["f1"]:
            misses.append(f"{pair}: F1 {ours['f1']:.4f}, {other['method']} {other['f1']:.4f}")
    return misses


def show(console: Console, report: dict[str, Any]) -> None:
    pairs = Table("pair", "method", "true", "precision", "95 %", "recall", "F1", "no NIK: false")
    for each in report["pairs"]:
        bare, ends = each["no_nik"], "{:.5f}-{:.5f}".format(*each["interval"])
        pairs.add_row(
            f"{each['pair']} ({each['profiles']})", each["method"], f"{each['true']:,}",
            f"{each['precision']:.5f}", ends, f"{each['recall']:.4f}", f"{each['f1']:.4f}",
            f"{bare['false']} of {bare['pairs']:,}",
        )  # fmt: skip
    lists = Table("list", "column", "rows", "said", "right", "precision", "recall", "in truth")
    for each in report["lists"]:
        lists.add_row(
            each["list"], each["column"], f"{each['rows']:,}", f"{each['said']:,}",
            f"{each['right']:,}", f"{each['precision']:.5f}", f"{each['recall']:.4f}",
            f"{each['true']:,}",
        )  # fmt: skip
    console.print(pairs)
    console.print(lists)
    if report["households"]:
        console.print(_households(report["households"]))
    for seconds in report["seconds"]:
        steps = ", ".join(f"{name} {took:.0f}" for name, took in seconds.items())
        console.print(f"Seconds: {steps}; in all {sum(seconds.values()):.0f}")
    peaks = (report[name] / 2**30 for name in ("service_peak_bytes", "peak_bytes"))
    console.print("Peak memory: service {:.2f} GiB, agencies and bench {:.2f} GiB".format(*peaks))
    console.print("Misses: " + ("; ".join(report["misses"]) or "none"))


def _households(rescues: list[dict[str, Any]]) -> Table:
    table = Table("pair", "matched members", "added", "false", "recall", "recall with them")
    for each in rescues:
        counts = (str(each[name]) for name in ("members", "added", "false"))
        shares = (f"{each[name]:.4f}" for name in ("recall_before", "recall_after"))
        table.add_row(each["pair"], *counts, *shares)
    return table


if __name__ == "__main__":
    main()
