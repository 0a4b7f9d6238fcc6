"""The pace of a run, the time that is left, and what can be done with it."""

from __future__ import annotations

from typing import Any

import pytest

from linkage_service.runs.progress import Progress

ROW = {
    "run": "satu",
    "state": "running",
    "step": "search",
    "tiles_done": 40,
    "tiles_total": 100,
    "tiles_before": 10,
    "since": 1_000,
    "error": "",
}


def at(now: int = 1_060, **change: Any) -> Progress:
    return Progress.of({**ROW, **change}, now)


def test_the_pace_is_that_of_this_search_alone() -> None:
    """Ten tiles were there before: 30 in a minute, so that 60 take two more."""
    assert (at().tiles_a_minute, at().seconds_left) == (30.0, 120)
    assert at(1_120).seconds_left == 240, "a search that stands still takes longer"


@pytest.mark.parametrize(
    "change",
    [
        {"tiles_before": 40},
        {"since": 0},
        {"since": 2_000},
        {"step": "solve"},
        {"state": "cancelled"},
    ],
)
def test_without_a_pace_no_time_is_promised(change: dict[str, Any]) -> None:
    assert (at(**change).tiles_a_minute, at(**change).seconds_left) == (None, None)


@pytest.mark.parametrize(
    ("state", "error", "waits", "can_stop", "can_go_on"),
    [
        ("running", "", False, True, False),
        ("running", "blob.not-written", True, True, True),
        ("failed", "blob.not-written", False, False, True),
        ("cancelled", "", False, False, True),
        ("done", "", False, False, False),
    ],
)
def test_what_can_be_done(
    state: str, error: str, waits: bool, can_stop: bool, can_go_on: bool
) -> None:
    found = at(state=state, error=error)
    assert (found.waits, found.can_stop, found.can_go_on) == (waits, can_stop, can_go_on)
