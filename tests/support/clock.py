"""A clock that a test moves: everything in this process that reads Unix seconds follows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

import pytest

from policy.rules.case import day_of

DAY = 86_400


@dataclass
class Clock:
    """`time.time` of this process, so many days from now."""

    days: int = 0

    @classmethod
    def installed(cls, monkeypatch: pytest.MonkeyPatch) -> Clock:
        clock, real = cls(), time.time
        monkeypatch.setattr(time, "time", lambda: real() + clock.days * DAY)
        return clock

    @property
    def today(self) -> date:
        return day_of(int(time.time()))
