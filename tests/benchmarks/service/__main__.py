"""Measure the linkage service on loopback: `make bench-service`, `make bench-service QUICK=1`.

    agencies   8, 32 and 64 of them at once: polls, uploads and downloads against real processes
    rows       two lists under the default terms: upload and check, then a run, with their memory
    steps      the memory of each step of a run of larger lists, without comparing filters
    logs       the memory of the service while a long log is read page by page, and as evidence

Every line of bench-service.jsonl is one measurement, with the machine and how busy it was. Clients
and service share the machine: they take processor time from each other. An agency asks again as
soon as it was answered, so p50 and p99 are those of a service that is asked all the time; `poll
once a second` is what agencies that wait really ask.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.service import agencies, default_rows, long_log, machine, solving

_OUT = Path("bench-service.jsonl")

Part = Callable[[argparse.Namespace], Iterator[dict[str, Any]]]


def of_agencies(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The releases of three projects are downloaded by nine agencies, each by several at once."""
    if asked.quick:
        return agencies.measured(agencies.Terms((8,), {"sqlite": (1,), "postgresql": (2,)}, 2.0, 1))
    stores = dict.fromkeys(asked.store or ("sqlite", "postgresql"), (1, 2))
    return agencies.measured(agencies.Terms(asked.agencies, stores, asked.seconds, 3))


def of_rows(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for rows in [20_000] if asked.quick else asked.rows:
        yield from default_rows.measured(rows)


def of_steps(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for rows in [50_000] if asked.quick else asked.step_rows:
        yield from solving.measured(rows)


def of_logs(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for entries in [200] if asked.quick else asked.entries:
        yield from long_log.measured(entries)


PARTS: dict[str, Part] = {
    "agencies": of_agencies,
    "rows": of_rows,
    "steps": of_steps,
    "logs": of_logs,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of each, in under a minute")
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only this part")
    parser.add_argument("--store", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--agencies", type=int, nargs="+", default=[8, 32, 64])
    parser.add_argument("--rows", type=int, nargs="+", default=[300_000], help="of each list")
    parser.add_argument("--step-rows", type=int, nargs="+", default=[500_000, 1_000_000])
    parser.add_argument("--entries", type=int, nargs="+", default=[3000, 20_000], help="of a log")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each kind of request")
    asked, here = parser.parse_args(), machine.facts()
    print(_line(here), flush=True)
    _OUT.write_text("")
    for name in asked.part or PARTS:
        for each in PARTS[name](asked):
            with _OUT.open("a") as results:
                results.write(json.dumps({"part": name, **each, "machine": here}) + "\n")
            print(_line(each), flush=True)


def _line(found: dict[str, Any]) -> str:
    return "  ".join(f"{name} {value}" for name, value in found.items())


if __name__ == "__main__":
    main()
