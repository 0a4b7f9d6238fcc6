"""8, 32 and 64 agencies at once: polls, uploads, downloads; SQLite and PostgreSQL."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.memory import Memory
from tests.benchmarks.service import load
from tests.benchmarks.service.district import District
from tests.benchmarks.service.machine import load as machine_load
from tests.benchmarks.service.machine import processor_seconds
from tests.support.postgres import running_cluster

# What agencies do, and once in how many seconds; with 0, again as soon as it is answered.
_WORK = {
    "poll": (load.polls, 0.0),
    "poll once a second": (load.polls, 1.0),
    "upload": (load.uploads, 0.0),
    "download": (load.downloads, 0.0),
}


@dataclass(frozen=True)
class Terms:
    """How many agencies, on which databases by how many processes, how long each time."""

    agencies: Sequence[int]
    stores: Mapping[str, Sequence[int]]
    seconds: float
    released: int  # projects with a release: the agencies of others download nothing


def measured(terms: Terms) -> Iterator[dict[str, Any]]:
    for store, numbers in terms.stores.items():
        with tempfile.TemporaryDirectory() as folder, _database(store) as url:
            district = District(Path(folder), max(terms.agencies), terms.released, url)
            started = time.perf_counter()
            district.build()
            yield {
                "what": "projects made",
                "store": store,
                "agencies": max(terms.agencies),
                "seconds": round(time.perf_counter() - started, 1),
            }
            for processes in numbers:
                yield from _at_once(district, terms, store, processes)


def _at_once(
    district: District, terms: Terms, store: str, processes: int
) -> Iterator[dict[str, Any]]:
    with district.serving(processes) as started:
        pids = [process.pid for process in started]
        for count in terms.agencies:
            for what, (work, every) in _WORK.items():
                some = district.recipients if what == "download" else district.clients
                agencies = some(count)
                used = processor_seconds(pids)
                with Memory(pids) as memory:
                    answers = load.ask_for(terms.seconds, agencies, district.ports, work, every)
                used = processor_seconds(pids) - used
                yield {
                    "what": what,
                    "store": store,
                    "processes": processes,
                    "agencies": count,
                    "requests": len(answers.seconds),
                    "requests_per_second": round(answers.rate, 1),
                    "p50_ms": round(answers.milliseconds(0.5), 1),
                    "p99_ms": round(answers.milliseconds(0.99), 1),
                    "mb_per_second": round(
                        (answers.sent + answers.received) / answers.took / 1e6, 1
                    ),
                    "server_mib": round(memory.peak / 2**20),
                    "server_ms_a_request": answers.each(used),
                    "client_ms_a_request": answers.each(answers.processor_seconds),
                    "errors": answers.errors,
                    "answers": dict(answers.codes),
                    "load": machine_load(),
                }


@contextmanager
def _database(store: str) -> Iterator[str | None]:
    """A database for the service; none for SQLite."""
    if store == "sqlite":
        yield None
        return
    with ExitStack() as stack:
        cluster = stack.enter_context(running_cluster())
        yield stack.enter_context(cluster.fresh_database())
