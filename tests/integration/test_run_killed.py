"""A run whose process is killed at every step in turn ends with one statement and no tile twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from policy.statements import RunFinished
from tests.support.databases import mostly_on
from tests.support.dying_run import IN_ORDER, MOMENTS
from tests.support.server import ROOT
from tests.support.service import Town
from tests.support.stored_town import town_at

PERSONS = {"regsosek": range(60), "dtks": range(20, 80), "carik": range(10, 70)}
RUN = "dibunuh"


@pytest.fixture
def town(new_database_url: Callable[[], str], tmp_path: Path) -> Town:
    """Its bundles are in; no run is ordered."""
    url = new_database_url()
    return town_at("uploaded", tmp_path, persons=PERSONS, tile_rows=20, database_url=url)


@contextmanager
def dying(town: Town, stored: Path) -> Iterator[Callable[[str, str], int]]:
    """Attempts at this town's runs, each in a process that dies at the given moment."""
    arguments = (town.members["service"].home.path, town.lock("service"), town.database_url)
    command = [sys.executable, "-m", "tests.support.dying_run", *arguments, town.tile_rows, stored]
    parts = [str(each) for each in command]
    pipe = subprocess.PIPE
    with subprocess.Popen(parts, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        give, take = process.stdin, process.stdout

        def attempted(run: str, moment: str) -> int:
            give.write(f"{town.project_id} {run} {moment}\n")
            give.flush()
            return int(take.readline())

        yield attempted
        give.close()


def test_every_moment_is_tried() -> None:
    assert sorted(IN_ORDER) == sorted(MOMENTS)


@mostly_on("postgres")
def test_a_run_goes_on_after_a_kill_at_each_moment(town: Town, tmp_path: Path) -> None:
    stored = tmp_path / "stored"
    with town.serving(worker=False), dying(town, stored) as attempted:
        town.order(RUN)
        town.start(RUN)
        for moment in IN_ORDER:
            assert attempted(RUN, moment) == signal.SIGKILL, moment
            finished = town.synced("auditor").project.of(RunFinished)
            assert len(finished) == (moment == "after finish"), moment
        state = town.run_state(RUN)
        tiles = sorted(int(line) for line in stored.read_text().split())
        assert state["state"] == "done", "the statement and the state are one transaction"
        assert len(tiles) == len(set(tiles)) == state["tiles_total"], "no tile twice"
        killed = town.result(RUN)
        town.order("tanpa-gangguan")
        town.start("tanpa-gangguan")
        assert attempted("tanpa-gangguan", "") == 0
        town.witness()
        assert town.result("tanpa-gangguan") == killed
