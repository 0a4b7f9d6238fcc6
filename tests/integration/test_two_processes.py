"""Several processes of one service on one database share the runs and do none of them twice."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from linkage_service.runs.executors import executor_id
from linkage_service.storage.records.database import connect
from linkage_service.storage.records.tables import leases
from policy.statements import RunFinished
from tests.support.databases import mostly_on
from tests.support.paced_service import let
from tests.support.ports import free_port
from tests.support.processes import PATIENCE_SECONDS, descendants, ended
from tests.support.service import Town
from tests.support.stored_town import town_at

PERSONS = {"regsosek": range(60), "dtks": range(20, 80), "carik": range(10, 70)}
WAITS_AT = 4


@pytest.fixture
def town(new_database_url: Callable[[], str], tmp_path: Path) -> Town:
    """Its bundles are in; no run is ordered."""
    url = new_database_url()
    return town_at("uploaded", tmp_path, persons=PERSONS, tile_rows=20, database_url=url)


def at_work(town: Town, pace: Path, *more: str) -> subprocess.Popen[bytes]:
    return town.serve_process(town.tile_rows, "--processes", "0", *more, pace=pace)


def speaking_to(town: Town, port: int) -> Town:
    """The same town, whose members speak to the process at this port from now on."""
    return replace(town, port=port)


def holder(town: Town, run: str) -> tuple[str, int]:
    """By the database: which process has the run's lease, and how often it was claimed."""
    assert town.database_url is not None
    database = connect(town.database_url)
    with database.reading() as connection:
        query = select(leases).filter_by(name=f"run/{town.project_id}/{run}")
        row = connection.execute(query).mappings().one()
    database.close()
    return str(row["holder"]), int(row["fence"])


def waiting(town: Town, run: str) -> bool:
    state = town.run_state(run)
    return (state["state"], state["tiles_done"]) == ("running", WAITS_AT)


def stored(pace: Path) -> list[int]:
    """The tiles that any process stored, in order."""
    return [int(line) for line in pace.with_suffix(".stored").read_text().split()]


def end(process: subprocess.Popen[bytes]) -> list[int]:
    """SIGKILL; returns the processes that it had started."""
    started = descendants(process.pid)
    process.kill()
    process.wait()
    return started


@mostly_on("postgres")
def test_another_process_finishes_the_run_of_one_that_was_killed(
    town: Town, tmp_path: Path
) -> None:
    pace = tmp_path / "pace"
    let(pace, WAITS_AT)
    first = at_work(town, pace)
    beside = speaking_to(town, free_port())
    second = at_work(beside, pace)
    try:
        town.order("satu")
        town.start("satu")
        town.wait("satu", lambda _: waiting(town, "satu"))
        owner, claims = holder(town, "satu")
        assert re.fullmatch(r"[0-9a-f]{16}-[12]", owner)
        assert claims == 1
        victim, survivor, port = first, second, beside.port
        if owner.endswith("-2"):
            victim, survivor, port = second, first, town.port
        other = speaking_to(town, port)
        assert ended(end(victim)), "what it had started went with it"
        let(pace, 10_000)
        killed_at = time.monotonic()
        done = other.wait("satu", lambda s: s["state"] == "done")
        seconds = time.monotonic() - killed_at
        assert done["state"] == "done", done
        assert holder(other, "satu")[1] == 2, "the other one claimed it, once"
        assert seconds < PATIENCE_SECONDS
        assert sorted(stored(pace)) == list(range(done["tiles_total"])), "each tile once"
        project = other.synced("auditor").project
        assert len(project.of(RunFinished)) == 1
        assert survivor.poll() is None
    finally:
        end(first)
        end(second)


@mostly_on("sqlite")
def test_with_one_id_for_both_a_run_is_worked_on_twice(town: Town, tmp_path: Path) -> None:
    """The negative control: so it was when every process had the same id. One result even so."""
    pace = tmp_path / "pace"
    let(pace, WAITS_AT)
    first = at_work(town, pace)
    try:
        town.order("satu")
        town.start("satu")
        town.wait("satu", lambda _: waiting(town, "satu"))
        owner, claims = holder(town, "satu")
        beside = speaking_to(town, free_port())
        with beside.serving(executor_id="lain"):
            time.sleep(2)
            assert holder(town, "satu") == (owner, claims), "with its own id it leaves it alone"
        with beside.serving(executor_id=owner):
            done = beside.wait("satu", lambda s: s["state"] == "done")
            assert done["state"] == "done", done
            assert holder(town, "satu")[1] > claims, "taken from a process that was at work"
            assert len(stored(pace)) == WAITS_AT
            let(pace, 10_000)
            assert len(beside.synced("auditor").project.of(RunFinished)) == 1
    finally:
        end(first)


@mostly_on("postgres")
def test_a_worker_works_on_what_a_service_without_one_starts(town: Town, tmp_path: Path) -> None:
    """As in a deployment: the API in one process, the runs in another one."""
    pace = tmp_path / "pace"
    let(pace, 10_000)
    api = at_work(town, pace, "--no-worker")
    worker = None
    try:
        town.order("satu")
        assert town.start("satu")["state"] == "running"
        time.sleep(1.5)
        assert town.run_state("satu")["tiles_total"] == 0, "nobody works"
        worker = town.worker_process("--processes", "0")
        assert town.wait("satu", lambda s: s["state"] == "done")["state"] == "done"
        worker.terminate()
        assert worker.wait(PATIENCE_SECONDS) == 0
    finally:
        end(api)
        if worker is not None:
            end(worker)


def test_ids_last_and_are_of_one_process(tmp_path: Path) -> None:
    with executor_id(tmp_path) as first, executor_id(tmp_path) as second:
        assert first != second
    with executor_id(tmp_path) as again:
        assert again == first
    with executor_id(tmp_path / "elsewhere") as other:
        assert other[:-2] != first[:-2]
    (tmp_path / "file").touch()
    with executor_id(tmp_path / "file") as drawn:
        assert re.fullmatch(r"[0-9a-f]{16}", drawn), "no folder, as on a full disk"
