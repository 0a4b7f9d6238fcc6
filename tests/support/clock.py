"""A clock that a test moves: everything in this process that reads Unix seconds follows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

import pytest

from policy.rules.case import day_of

HOUR, DAY = 3_600, 86_400


@dataclass
class Clock:
    """`time.time` of this process, so many days from now."""

    days: int = 0
    ahead: int = 0

    @classmethod
    def installed(cls, monkeypatch: pytest.MonkeyPatch) -> Clock:
        """Of a test that begins shortly before midnight (UTC) the whole is after it."""
        real = time.time
        left = DAY - int(real()) % DAY
        clock = cls(ahead=left if left < HOUR else 0)
        monkeypatch.setattr(time, "time", lambda: real() + clock.shift)
        return clock

    @property
    def shift(self) -> int:
        """Seconds before the real time."""
        return self.ahead + self.days * DAY

    @property
    def today(self) -> date:
        return day_of(int(time.time()))
