"""How far a run is, how fast it goes, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Step = Literal["", "begin", "search", "solve", "finish"]
_UNDER_WAY = "running"


@dataclass(frozen=True)
class Progress:
    """One run at one moment, as its row in the database has it.

    `step` is the step that it is in, empty before the first. A run under way that has an `error`
    waits for something (a full disk, a database) and goes on by itself.
    """

    run: str
    state: str
    step: str
    tiles_done: int
    tiles_total: int
    error: str
    tiles_a_minute: float | None
    seconds_left: int | None

    @classmethod
    def of(cls, row: Mapping[Any, Any], now: int) -> Progress:
        """From a row of `runs`; `now` in Unix seconds."""
        done, total = int(row["tiles_done"]), int(row["tiles_total"])
        pace = _tiles_a_second(row, now)
        left = None if pace is None else round((total - done) / pace)
        return cls(
            run=row["run"],
            state=row["state"],
            step=row["step"] if row["state"] == _UNDER_WAY else "",
            tiles_done=done,
            tiles_total=total,
            error=row["error"],
            tiles_a_minute=None if pace is None else round(pace * 60, 1),
            seconds_left=left,
        )

    @property
    def waits(self) -> bool:
        """Whether it is under way, but cannot go on at the moment."""
        return self.state == _UNDER_WAY and bool(self.error)

    @property
    def can_stop(self) -> bool:
        return self.state == _UNDER_WAY

    @property
    def can_go_on(self) -> bool:
        """Whether `start` does something: stopped, failed, or waiting."""
        return self.state in ("cancelled", "failed") or self.waits


def _tiles_a_second(row: Mapping[Any, Any], now: int) -> float | None:
    """The mean pace since this search began; None if it is not known or does not matter."""
    gained, seconds = row["tiles_done"] - row["tiles_before"], now - row["since"]
    searching = row["state"] == _UNDER_WAY and row["step"] == "search"
    if not searching or not row["since"] or gained <= 0 or seconds <= 0:
        return None
    return float(gained / seconds)
