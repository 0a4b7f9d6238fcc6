"""A run keeps its tiles: killed, and started again under other settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.support.service import Town


def test_a_killed_run_ends_as_it_began_under_another_tile_size(
    new_database_url: Callable[[], str], tmp_path: Path
) -> None:
    town = Town(
        tmp_path,
        database_url=new_database_url(),
        workflow_url=new_database_url(),
        persons={"regsosek": range(60), "dtks": range(20, 80), "carik": range(10, 70)},
    )
    process = town.serve_process(tile_rows=8)
    try:
        town.agree()
        for dataset in town.persons:
            town.upload(dataset)
        town.order("dibunuh")
        town.start("dibunuh")
        before = town.wait("dibunuh", lambda s: s["tiles_done"] > 3)
        assert before["state"] == "running", before
        process.kill()
        process.wait()

        process = town.serve_process(tile_rows=40)
        done = town.wait("dibunuh", lambda s: s["state"] == "done")
        assert done["state"] == "done", done
        assert done["tiles_total"] == before["tiles_total"]
        town.witness()
        town.match("tanpa-gangguan")
        assert town.run_state("tanpa-gangguan")["tiles_total"] != before["tiles_total"]
        assert town.result("dibunuh") == town.result("tanpa-gangguan")
    finally:
        process.kill()
        process.wait()
