"""A run whose database is away, or whose disk is full, waits and goes on by itself."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from linkage_service.runs.attempt import Attempt
from linkage_service.runs.tile_results import Found
from policy.base.errors import PadanError
from policy.statements import RunFinished
from tests.support.gate import gate_to
from tests.support.postgres import Cluster
from tests.support.service import Town
from tests.support.stored_town import town_at

PERSONS = {"regsosek": range(60), "dtks": range(20, 80), "carik": range(10, 70)}
RUN, AWAY_SECONDS = "menunggu", 3.0


def uploaded(folder: Path, database_url: str | None = None) -> Town:
    """A town whose bundles are in, and no service yet."""
    return town_at("uploaded", folder, persons=PERSONS, tile_rows=20, database_url=database_url)


@contextmanager
def held_at(town: Town, tiles: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Runs wait before they store this tile, until the event is set or the service ends."""
    put, go_on, stopping = Found.put, threading.Event(), town.service.runs.stopping

    def waiting(found: Found, number: int, candidates: bytes) -> None:
        while number >= tiles and not go_on.wait(0.05):
            if stopping.is_set():
                break
        put(found, number, candidates)

    with monkeypatch.context() as patch:
        patch.setattr(Found, "put", waiting)
        yield go_on


def test_a_run_goes_on_after_its_database_was_away(
    postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.fresh_database() as url, gate_to(postgres.port) as gate:
        behind = url.replace(str(postgres.port), str(gate.port))
        town = uploaded(tmp_path, behind)
        with town.serving():
            town.order(RUN)
            with held_at(town, 4, monkeypatch) as go_on:
                town.start(RUN)
                town.wait(RUN, lambda s: s["tiles_done"] == 4)
                gate.shut()
                go_on.set()
                time.sleep(AWAY_SECONDS)
                gate.open()
            done = town.wait(RUN, lambda s: s["state"] == "done")
            assert (done["state"], done["error"]) == ("done", "")
            assert len(town.synced("auditor").project.of(RunFinished)) == 1


def test_earlier_builds_called_such_a_run_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: nothing passes by itself, and the run stays as it is."""
    put = Found.put

    def away(found: Found, number: int, candidates: bytes) -> None:
        if number == 4:
            raise OSError("No space left on device")
        put(found, number, candidates)

    def fails(own: Attempt, error: PadanError) -> str:
        own.row.note(state="failed", error=error.code)
        return "settled"

    town = uploaded(tmp_path)
    with town.serving():
        town.order(RUN)
        with monkeypatch.context() as patch:
            patch.setattr(Found, "put", away)
            patch.setattr(Attempt, "wait", fails)
            town.start(RUN)
            assert town.wait(RUN, lambda s: s["state"] == "done")["state"] == "failed"
        with monkeypatch.context() as patch:
            patch.setattr(Found, "put", away)
            town.start(RUN)
            waits = town.wait(RUN, lambda s: s["waits"])
            assert (waits["state"], waits["error"]) == ("running", "run.storage-away")
        assert town.wait(RUN, lambda s: s["state"] == "done")["state"] == "done"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 48 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system can be mounted by root alone")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leave no byte free; returns the file that takes the place."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return ballast


# A file whose buffer cannot be written when it is closed is closed by the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_run_and_a_start_go_on_after_a_full_disk(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Database, blobs and scratch are on the disk that is full."""
    town = uploaded(small_disk)
    with town.serving():
        town.order(RUN)
        with held_at(town, 4, monkeypatch) as go_on:
            town.start(RUN)
            town.wait(RUN, lambda s: s["tiles_done"] == 4)
            ballast = fill(small_disk)
            go_on.set()
            time.sleep(AWAY_SECONDS)
            ballast.unlink()
        town.start(RUN)
        done = town.wait(RUN, lambda s: s["state"] == "done")
        assert (done["state"], done["error"]) == ("done", "")


def test_a_service_starts_on_a_full_disk_and_its_run_goes_on(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = uploaded(small_disk)
    with town.serving():
        town.order(RUN)
        held = held_at(town, 4, monkeypatch)
        held.__enter__()
        town.start(RUN)
        town.wait(RUN, lambda s: s["tiles_done"] == 4)
    held.__exit__(None, None, None)
    ballast = fill(small_disk)
    with town.serving():
        time.sleep(1)
        ballast.unlink()
        assert town.wait(RUN, lambda s: s["state"] == "done")["state"] == "done"
