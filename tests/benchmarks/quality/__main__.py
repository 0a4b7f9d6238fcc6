"""All pairs of sources by all methods: `python -m tests.benchmarks.quality --persons 100000`."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import warnings
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from encoder.synthetic import SOURCES
from tests.benchmarks.quality.baselines import ExactNik, NikAndName, Pakewa
from tests.benchmarks.quality.couples import MOVERS, Couples, judge_couples, read_couples
from tests.benchmarks.quality.judge import (
    ENOUGH_PAIRS,
    RECALL_GAP,
    Pairs,
    judge,
    strata,
    without_nik,
)
from tests.benchmarks.quality.methods import (
    PLAIN_REVIEW,
    ClkhashWithAnonlink,
    Padan,
    earlier_charter,
    plain_charter,
    tagged,
    tagged_charter,
)
from tests.benchmarks.quality.sources import Source, read_source, write
from tests.benchmarks.quality.targets import misses, more_joined, totals

RESULTS = Path("bench-quality.json")
# Thresholds were chosen on other seeds (docs/explanation/hardening.md).
SEED = 3_000
# So that every pair of sources has 30,000 true pairs: PPKS, 1.5 % of residents, would need six
# million of them for that. `--share ppks=0.015` is PPKS as it is.
PERSONS, SHARES = 300_000, {"ppks": 0.35}
TAG_BITS = 8
# Residents for each couple of each kind of hard people.
RESIDENTS_A_COUPLE = 150
DEFAULT, EARLIER = "Padan, default", "Padan, padan-id-3"
# Other settings of the rule, for the curve of recall and false accepts.
STRICT = "Padan, nothing excused"
CARDS = {"Padan, cards .70 .80": (700_000, 800_000), "Padan, cards .80 .86": (800_000, 860_000)}


def main() -> None:
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    chosen = _options()
    shares = SHARES | {name: float(of) for name, of in (each.split("=") for each in chosen.share)}
    methods = _methods(chosen)
    console = Console(width=170)
    hard = chosen.persons // RESIDENTS_A_COUPLE if chosen.hard is None else chosen.hard
    with tempfile.TemporaryDirectory() as folder:
        at = (Path(folder), chosen.persons, chosen.seed, tuple(chosen.source), shares, hard)
        names = write(*at)
        sources = [read_source(Path(folder), name) for name in names]
        couples = read_couples(Path(folder))
    results: list[dict[str, Any]] = []
    short: list[str] = []
    for left, right in combinations(sources, 2):
        found = _pair(console, methods, left, right, couples, chosen.seed)
        results += found
        short += [f"{found[0]['pair']}: {miss}" for miss in misses(found[0], found[1:])]
        # After every pair: an hour's work survives whatever ends it.
        RESULTS.write_text(json.dumps({"persons": chosen.persons, "seed": chosen.seed,
            "shares": shares, "tag_bits": chosen.tag_bits, "couples": hard, "pairs": results,
            "hard": totals(results), "misses": short}, indent=1))  # fmt: skip
    console.print(_hard_table("All pairs together", totals(results)))
    short += more_joined(totals(results), DEFAULT, EARLIER)
    console.print("Misses:" if short else "Misses: none")
    for miss in short:
        console.print(f"  {miss}")


def _methods(chosen: argparse.Namespace) -> list[Any]:
    default = Padan(DEFAULT, tagged_charter(chosen.persons if chosen.tag_bits else 0))
    methods: list[Any] = [
        default,
        *(_earlier(each, chosen) for each in chosen.beside or ["padan-id-3"]),
    ]
    if chosen.two:
        return methods
    methods.append(default.under(STRICT, same_name_ppm={}, confirmed_ppm={}))
    alone = dict(default.charter.matching.alone_ppm)
    for name, (card, card_name) in CARDS.items():
        weaker = {"alone_ppm": {**alone, "kk": card, "kk-nama": card_name}}
        methods.append(default.under(name, matching=weaker))
    if chosen.padan_only:
        return methods
    if chosen.plain:
        methods.append(Padan("Padan, plain", plain_charter(), PLAIN_REVIEW))
    methods += [ExactNik(), NikAndName(), Pakewa()]
    if chosen.plain:
        methods.append(ClkhashWithAnonlink())
    return methods


def _earlier(encodings: str, chosen: argparse.Namespace) -> Padan:
    """Encodings of an earlier default, under its own profile."""
    if encodings == "padan-id-4":
        charter = tagged_charter(chosen.persons if chosen.tag_bits else 0, encodings)
    else:
        charter = tagged(earlier_charter(encodings), chosen.tag_bits)
    return Padan(f"Padan, {encodings}", charter)


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--persons", type=int, default=PERSONS)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--source", action="append", default=[])
    options.add_argument("--share", action="append", default=[], help="for example ppks=0.015")
    options.add_argument(
        "--tag-bits", type=int, default=TAG_BITS, help="of padan-id-3; 0 compares all pairs"
    )
    options.add_argument(
        "--beside", action="append", help="encodings to compare with: padan-id-2, -3 (default), -4"
    )
    options.add_argument("--hard", type=int, help="couples of each kind of hard people")
    options.add_argument(
        "--padan-only",
        action="store_true",
        help="the default, earlier encodings and other settings",
    )
    options.add_argument(
        "--two", action="store_true", help="the default and earlier encodings alone"
    )
    options.add_argument(
        "--no-plain",
        dest="plain",
        action="store_false",
        help="leave out plain CLKs, ours and clkhash's: most of the time goes there",
    )
    return options.parse_args()


def _pair(
    console: Console,
    methods: list[Any],
    left: Source,
    right: Source,
    couples: Couples,
    seed: int,
) -> list[dict[str, Any]]:
    title = f"{_titled(left)} - {_titled(right)}"
    table = Table(
        "method", "precision", "95 %", "recall", "with review", "F1",
        "no NIK: precision", "95 %", "pairs", "recall", "seconds", title=title,
    )  # fmt: skip
    results = []
    for method in methods:
        started = time.perf_counter()
        pairs = method.pairs(left, right)
        took = time.perf_counter() - started
        found = _result(title, method.name, left, right, pairs)
        strata_of_couples = judge_couples(left, right, pairs, couples, seed)
        found["hard"] = {kind: asdict(each) for kind, each in strata_of_couples.items()}
        if method is methods[0]:
            found["strata"], found["missed"] = _strata(left, right, pairs, found["recall"])
        table.add_row(*_cells(found), f"{took:.1f}")
        results.append(found)
    console.print(table)
    console.print(_hard_table(f"{title}: hard couples", totals(results)))
    return results


def _hard_table(title: str, hard: dict[str, dict[str, dict[str, int]]]) -> Table:
    """Couples joined, and sent to review, by method; of people who moved, those who are found."""
    kinds = list(dict.fromkeys(kind for counts in hard.values() for kind in counts))
    table = Table("method", *kinds, title=title)
    for method, counts in hard.items():
        table.add_row(method, *(_of_couples(kind, counts[kind]) for kind in kinds))
    return table


def _of_couples(kind: str, each: dict[str, int]) -> str:
    if kind == MOVERS:
        return f"{each['found']:,} of {each['people']:,} found"
    return f"{each['joined']:,} + {each['reviewed']:,} of {each['couples']:,}"


def _result(title: str, method: str, left: Source, right: Source, pairs: Pairs) -> dict[str, Any]:
    score, bare = judge(left, right, pairs), without_nik(left, right, pairs)
    return {
        "pair": title,
        "profiles": SOURCES[left.name].profile + SOURCES[right.name].profile,
        "method": method,
        "true": score.true_people,
        "pairs": score.pairs,
        "false": score.false,
        "precision": score.precision,
        "interval": score.interval(),
        "recall": score.recall,
        "recall_interval": score.recall_interval(),
        "recall_with_review": score.recall_with_review,
        "f1": score.f1,
        "no_nik": {
            "pairs": bare.pairs,
            "false": bare.false,
            "precision": bare.precision,
            "interval": bare.interval(),
            "recall": bare.recall,
        },
    }


def _cells(found: dict[str, Any]) -> list[str]:
    bare = found["no_nik"]
    return [
        found["method"],
        f"{found['precision']:.5f}",
        "{:.5f}-{:.5f}".format(*found["interval"]),
        f"{found['recall']:.4f}",
        f"{found['recall_with_review']:.4f}",
        f"{found['f1']:.4f}",
        f"{bare['precision']:.5f}",
        "{:.5f}-{:.5f}".format(*bare["interval"]),
        f"{bare['pairs']:,}",
        f"{bare['recall']:.4f}",
    ]


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
