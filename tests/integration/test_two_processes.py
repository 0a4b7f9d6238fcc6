"""Two processes of one service on one database: neither takes the other's runs."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from dbos import DBOSClient

from linkage_service.runs.executors import executor_id
from linkage_service.runs.tile_results import Found
from linkage_service.service import Service
from tests.integration.test_run_interrupted import third_waits_for_the_stop
from tests.support.paced_service import let
from tests.support.ports import free_port
from tests.support.processes import PATIENCE_SECONDS
from tests.support.service import Town

PERSONS = {"regsosek": range(60), "dtks": range(20, 80), "carik": range(10, 70)}
WAITS_AT = 4
OTHER = "lain"  # the run of the second process


@pytest.fixture
def town(new_database_url: Callable[[], str], tmp_path: Path) -> Town:
    urls = {"database_url": new_database_url(), "workflow_url": new_database_url()}
    return Town(tmp_path, persons=PERSONS, tile_rows=20, **urls)


def at_work(town: Town, pace: Path) -> subprocess.Popen[bytes]:
    return town.serve_process(town.tile_rows, "--processes", "0", pace=pace)


def waiting(town: Town, run: str) -> bool:
    state = town.run_state(run)
    return (state["state"], state["tiles_done"]) == ("running", WAITS_AT)


def taken_up(town: Town, run: str) -> tuple[str, int]:
    """By the database of workflows: by which executor a run was taken up, and how often."""
    client = DBOSClient(system_database_url=town.workflow_url)
    try:
        [status] = client.list_workflows(workflow_ids=[f"{town.project_id}/{run}/1"])
        return str(status.executor_id), int(status.recovery_attempts or 0)
    finally:
        client.destroy()


def until(happened: Callable[[], bool]) -> None:
    """A service answers before it has taken up its runs again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def test_a_second_process_leaves_the_first_ones_runs_alone(town: Town, tmp_path: Path) -> None:
    pace = tmp_path / "pace"
    let(pace, WAITS_AT)
    first = at_work(town, pace)
    try:
        ordered(town, "satu", OTHER)
        town.start("satu")
        town.wait("satu", lambda _: waiting(town, "satu"))
        owner, times = taken_up(town, "satu")
        assert re.fullmatch(r"[0-9a-f]{16}-1", owner)

        beside = speaking_to(town, free_port())
        with beside.serving():
            # It works on its own, to the end, and the run of the first one still waits.
            finished(beside, OTHER)
            assert taken_up(town, OTHER)[0] == f"{owner[:-1]}2"
            assert taken_up(town, "satu") == (owner, times)
            assert waiting(beside, "satu")
            # Killed and started again, the first one takes up its own; the second might have.
            first.kill()
            first.wait()
            first = at_work(town, pace)
            town.witness()
            finished(beside, "ulang")
            assert waiting(beside, "satu")
            until(lambda: taken_up(town, "satu")[1] > times)
            assert taken_up(town, "satu") == (owner, times + 1)
        let(pace, 10_000)
        back = speaking_to(town, town.port)
        assert back.wait("satu", lambda s: s["state"] == "done")["state"] == "done"
        assert back.result("satu") == back.result(OTHER)
    finally:
        first.kill()
        first.wait()


def test_with_one_id_for_both_a_run_is_taken_up_twice(town: Town, tmp_path: Path) -> None:
    """The negative control: so it was when every process had the same id."""
    pace = tmp_path / "pace"
    let(pace, WAITS_AT)
    first = at_work(town, pace)
    try:
        ordered(town, "satu")
        town.start("satu")
        town.wait("satu", lambda _: waiting(town, "satu"))
        owner, times = taken_up(town, "satu")
        beside = speaking_to(town, free_port())
        with beside.serving(executor_id=owner):
            beside.wait("satu", lambda _: taken_up(town, "satu") == (owner, times + 1))
    finally:
        first.kill()
        first.wait()


def ordered(town: Town, *runs: str) -> None:
    town.agree()
    for dataset in town.persons:
        town.upload(dataset)
    for run in runs:
        town.order(run)


def speaking_to(town: Town, port: int) -> Town:
    """The same town, whose members speak to the process at this port from now on."""
    return replace(town, port=port)


def finished(town: Town, run: str) -> None:
    """A run of this process's own, to its end."""
    if not town.synced("auditor").project.run(run).is_ordered:
        town.order(run)
    town.start(run)
    assert town.wait(run, lambda s: s["state"] == "done")["state"] == "done"


def test_ids_last_and_are_of_one_process(tmp_path: Path) -> None:
    with executor_id(tmp_path) as first, executor_id(tmp_path) as second:
        assert first != second
    with executor_id(tmp_path) as again:
        assert again == first
    with executor_id(tmp_path / "elsewhere") as other:
        assert other[:-2] != first[:-2]


@pytest.mark.parametrize("executor", ["padan-linkage-1", "lain"])
def test_a_run_that_no_process_takes_up_can_be_started_again(
    town: Town, monkeypatch: pytest.MonkeyPatch, executor: str
) -> None:
    """`padan-linkage-1` was every process of earlier builds: no run of it is under way."""
    put = Found.put
    with town.serving(executor_id=executor), monkeypatch.context() as patch:
        ordered(town, "satu")
        patch.setattr(Found, "put", third_waits_for_the_stop(put, town))
        town.start("satu")
        town.wait("satu", lambda s: s["tiles_done"] == 2)
    with town.serving():
        assert town.run_state("satu")["state"] == "running"
        if executor == "lain":
            town.cancel("satu")
        town.start("satu")
        done = town.wait("satu", lambda s: s["state"] == "done")
        assert done["state"] == "done", done


def test_one_process_runs_one_service(tmp_path: Path) -> None:
    """DBOS keeps one in its globals: a second launch would take the first one's place."""
    town = Town(tmp_path)
    with town.serving():
        me = town.members["service"]
        second = Service.open(town.settings(executor_id="lain"), me)
        with pytest.raises(RuntimeError, match="one service in a process"), second.runs.at_work():
            pass
        second.close()
        assert town.session("bps").get("/rosters"), "the first one still answers"
