"""A run whose workers, coordinator, disk or whole service fail goes on where it was."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from linkage_service.matching import flood
from linkage_service.runs.tile_results import Found
from linkage_service.storage.stores import FolderStore
from tests.support.paced_service import let
from tests.support.processes import children, command_line, ended
from tests.support.service import Town
from tests.support.stored_town import town_at

PERSONS = {"regsosek": range(80), "dtks": range(20, 100), "carik": range(10, 90)}


def workers_of(service: int) -> list[int]:
    return [pid for pid in children(service) if "spawn_main" in command_line(pid)]


def test_a_run_survives_its_workers_its_cancelling_and_kill_9(tmp_path: Path) -> None:
    town = town_at("uploaded", tmp_path, persons=PERSONS)
    scratch = town.members["service"].home.path / "service" / "scratch"
    pace = tmp_path / "pace"
    let(pace, 6)
    process = town.serve_process(16, "--processes", "2", pace=pace)
    try:
        town.order("diganggu")
        town.start("diganggu")
        town.wait("diganggu", lambda s: s["tiles_done"] == 6)
        os.kill(workers_of(process.pid)[0], signal.SIGKILL)
        let(pace, 21)
        town.wait("diganggu", lambda s: s["tiles_done"] == 21)

        cancelled = town.cancel("diganggu")
        assert cancelled["state"] == "cancelled"
        assert 21 == cancelled["tiles_done"] < cancelled["tiles_total"]
        cut = sorted(scratch.parent.glob("blobs/*/runs/diganggu/tiles/*"))[3]
        cut.write_bytes(cut.read_bytes()[:-1])
        assert town.start("diganggu")["state"] == "running"
        let(pace, 40)
        # What the cancelled attempt stored at last may take one of the forty, uncounted.
        resumed = town.wait("diganggu", lambda s: s["tiles_done"] >= 39)
        assert resumed["state"] == "running", resumed

        workers = workers_of(process.pid)
        process.kill()
        process.wait()
        assert ended(workers), "workers outlived their service"
        left = list(scratch.glob("run-*/**/*"))
        assert {"arrays", "dtks.utama.words"} <= {path.name for path in left}, "nothing left behind"
        assert not any(path.stat().st_mode & 0o077 for path in left)

        process = town.serve_process(40, "--processes", "0")
        assert not any(path.exists() for path in left), "a crash left encodings on disk"
        done = town.wait("diganggu", lambda s: s["state"] == "done")
        assert done["state"] == "done", done
        assert done["tiles_done"] == done["tiles_total"] == resumed["tiles_total"]
        assert not list(scratch.iterdir()), "a run that is done left encodings on disk"
        town.witness()
        town.match("tanpa-gangguan")
        assert town.result("diganggu") == town.result("tanpa-gangguan")
    finally:
        process.kill()
        process.wait()


def third_waits_for_the_stop(put: Callable[[Found, int, bytes], None], town: Town) -> object:
    def patched(found: Found, number: int, candidates: bytes) -> None:
        if len(found.finished()) == 2:
            assert town.service.runs.stopping.wait(60)
        put(found, number, candidates)

    return patched


def test_a_run_goes_on_after_a_full_disk_and_after_its_service_was_told_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = town_at("uploaded", tmp_path, persons=PERSONS, tile_rows=10)
    create = FolderStore.create

    def full(store: FolderStore, objects: Mapping[str, bytes]) -> set[str]:
        if any(name.endswith("tiles/00000004") for name in objects):
            raise OSError("No space left on device (os error 28)")
        return create(store, objects)

    with town.serving():
        town.order("penuh")
        with monkeypatch.context() as patch:
            patch.setattr(FolderStore, "create", full)
            town.start("penuh")
            waits = town.wait("penuh", lambda s: s["waits"])
            assert (waits["state"], waits["error"]) == ("running", "blob.not-written")
            assert (waits["tiles_done"], waits["can_go_on"]) == (4, True)
        town.start("penuh")  # at once; it would go on by itself as well
        done = town.wait("penuh", lambda s: s["state"] == "done")
        assert (done["state"], done["error"]) == ("done", "")
        town.order("banjir")
        with monkeypatch.context() as patch:
            patch.setattr(flood, "MOST_CANDIDATES", 10)
            town.start("banjir")
            flooded = town.wait("banjir", lambda s: s["state"] == "failed")
        assert (flooded["error"], flooded["tiles_done"]) == ("matching.flood", 0)
        town.start("banjir")
        done = town.wait("banjir", lambda s: s["state"] == "done")
        assert (done["state"], done["error"]) == ("done", "")

        town.order("dihentikan")
        monkeypatch.setattr(Found, "put", third_waits_for_the_stop(Found.put, town))
        town.start("dihentikan")
        waiting = town.wait("dihentikan", lambda s: s["tiles_done"] == 2)
        assert waiting["state"] == "running"
    with town.serving():
        again = town.wait("dihentikan", lambda s: s["state"] == "done")
        assert again["state"] == "done", again
        assert town.result("dihentikan") == town.result("penuh")
