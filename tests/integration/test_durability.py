"""A killed service goes on where it was, and reaches the same result."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.paced_service import let
from tests.support.processes import PATIENCE_SECONDS
from tests.support.programme import PROJECT, Programme


@pytest.mark.thorough(
    "integration/test_run_interrupted.py::test_a_run_survives_its_workers_its_cancelling_and_kill_9"
)
def test_a_run_survives_kill_9(new_database_url: Callable[[], str], tmp_path: Path) -> None:
    programme = Programme(
        tmp_path,
        persons=900,
        database_url=new_database_url(),
        tile_rows=60,
    )
    programme.found()
    pace = tmp_path / "pace"
    let(pace, 4)
    process = programme.serve_process(pace)
    try:
        programme.sign_charter()
        programme.agree()
        programme.upload()
        programme.order("dibunuh")
        programme.run("service", "padan-linkage", "start-run", PROJECT, "dibunuh")
        before = wait_for(programme, "dibunuh", lambda s: s["tiles_done"] == 4)
        assert before["state"] == "running"
        programme.kill(process)

        process = programme.serve_process()
        resumed = wait_for(programme, "dibunuh", lambda s: s["tiles_done"] > 0)
        assert resumed["tiles_done"] >= before["tiles_done"], "finished tiles were forgotten"
        wait_for(programme, "dibunuh", lambda s: s["state"] == "done")
        programme.match("tanpa-gangguan")
        assert programme.result_digest("dibunuh") == programme.result_digest("tanpa-gangguan")
    finally:
        programme.kill(process)


def wait_for(
    programme: Programme, run: str, happened: Callable[[dict[str, object]], bool]
) -> dict[str, object]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = programme.run("service", "padan-linkage", "run-status", PROJECT, run)
        state: dict[str, object] = json.loads(answer.out)
        if happened(state):
            return state
        assert state["state"] != "failed", state
        time.sleep(0.25)  # each look is a command of its own
    raise AssertionError(f"waited in vain: {state}")
