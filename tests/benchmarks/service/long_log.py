"""A long log, read page by page as every member does, and taken as an evidence bundle.

The service is a process of its own. What is measured is its memory before anybody has read, while
pages are read, and while the bundle is sent: reading must not make it grow.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from linkage_service.service import Service
from policy.crypto.envelope import Binding, sign
from policy.formats.log_page import LogPage
from policy.members.home import Unlocked
from policy.statements import CharterBody, Excepted, parse_statement
from tests.benchmarks.memory import Memory
from tests.benchmarks.service.machine import load
from tests.support.republic import charter_tree
from tests.support.service import Town

_PAGE = 500


def measured(entries: int) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        tree = charter_tree()
        tree.pop("law")  # the first law limits nobody's statements
        town = Town(Path(folder), tree=tree)
        grow(town, entries)
        process = town.serve_process(1000)
        try:
            yield from _measured(town, process.pid, entries)
        finally:
            process.terminate()
            process.wait()


def _measured(town: Town, pid: int, entries: int) -> Iterator[dict[str, Any]]:
    session = town.session("bps")
    log = f"/projects/{town.project_id}/log"
    with Memory([pid]) as memory:
        session.get(log, {"start": str(entries), "since": "0", "limit": "1"})
    yield _line("its end alone", entries, 1, memory, 0.0)
    for what, limit in (("page by page", _PAGE), ("page by page again", _PAGE)):
        with Memory([pid]) as memory:
            started, start, pages = time.perf_counter(), 0, 0
            while start < entries:
                asked = {"start": str(start), "since": "0", "limit": str(limit)}
                start += len(LogPage.model_validate_json(session.get(log, asked)).entries)
                pages += 1
            took = time.perf_counter() - started
        yield _line(what, entries, pages, memory, took)
    with Memory([pid]) as memory:
        started = time.perf_counter()
        town.session("auditor").get(f"/projects/{town.project_id}/evidence")
        took = time.perf_counter() - started
    yield _line("the evidence bundle", entries, 1, memory, took)


def _line(what: str, entries: int, requests: int, memory: Memory, took: float) -> dict[str, Any]:
    return {
        "what": what,
        "entries": entries,
        "requests": requests,
        "seconds": round(took, 2),
        "peak_mib": round(memory.peak / 2**20, 1),
        "load": load(),
    }


def grow(town: Town, entries: int) -> None:
    """A log of so many entries, by the service's own hand and without HTTP."""
    service = Service.open(town.settings(), town.members["service"])
    try:
        body = CharterBody.model_validate(town.charter.model_dump())
        for party in town.parties:
            signed = town.session(party).statement(body).canonical()
            service.receive(town.project_id, town.roster.member(party), signed)
        size = service.ledger.project(town.project_id).size
        with service.ledger.appending(town.project_id) as append:
            for number in range(size, entries):
                append.statement(parse_statement(_excepted(town, town.members["dpo"], number)))
    finally:
        service.close()


def _excepted(town: Town, officer: Unlocked, number: int) -> bytes:
    charter = town.charter
    body = Excepted(
        at=town.clock(),
        rule="run.privacy",
        about=(charter.encoding_digest(),),
        reference=f"PPDP/{number}",
        until=charter.valid_until,
    )
    binding = Binding(
        type=body.TYPE,
        project=charter.project,
        epoch=charter.epoch,
        charter=charter.digest(),
        roster=town.roster.digest(),
        sender=officer.member.id,
    )
    return sign(binding, body.canonical(), officer.keys.signing).canonical()
