"""A clock that a test moves, given to whatever reads the time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date

import pytest

from policy.base.clocks import system_clock
from policy.gates.rules.case import day_of

HOUR, DAY = 3_600, 86_400


def _past_midnight() -> int:
    """Of a test that begins shortly before midnight (UTC) the whole is after it."""
    left = DAY - system_clock() % DAY
    return left if left < HOUR else 0


@dataclass
class Clock:
    """The time now, so many days and seconds ahead of the computer's, in Unix seconds."""

    days: int = 0
    ahead: int = field(default_factory=_past_midnight)

    def __call__(self) -> int:
        return system_clock() + self.shift

    @property
    def shift(self) -> int:
        """Seconds ahead of the computer's clock."""
        return self.ahead + self.days * DAY

    @property
    def today(self) -> date:
        return day_of(self())


@dataclass
class WholeProcess(Clock):
    """The same for commands that read the computer's clock themselves."""

    def __call__(self) -> int:
        return system_clock()

    @classmethod
    def installed(cls, monkeypatch: pytest.MonkeyPatch) -> WholeProcess:
        clock, real = cls(), time.time
        monkeypatch.setattr(time, "time", lambda: real() + clock.shift)
        return clock
