"""The dates of a project's steps: a first linkage, and one for every quarterly edition of DTSEN."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib import resources

import yaml

from policy.base.canonical import Model

HEADER = ("tanggal", "member", "langkah", "step", "perintah")


class _Step(Model):
    """One step, `after` days after the day that its group of steps counts from."""

    after: int
    who: str
    id: str
    en: str
    command: str = ""


class _Steps(Model):
    first: tuple[_Step, ...]
    quarter: tuple[_Step, ...]
    last: tuple[_Step, ...]


def schedule(start: date, until: date, *, quarterly: bool) -> list[tuple[str, ...]]:
    """A row a step, in order of the days; `quarterly` adds the steps of each edition of DTSEN."""
    steps = _steps()
    rows = [*_dated(start, steps.first), *_dated(until, steps.last)]
    if quarterly:
        first_list = start + timedelta(days=steps.first[-1].after)
        for quarter in _quarters(first_list, until):
            rows += _dated(quarter, steps.quarter)
    return sorted(rows, key=lambda row: row[0])


def _dated(day: date, steps: tuple[_Step, ...]) -> Iterator[tuple[str, ...]]:
    for step in steps:
        due = day + timedelta(days=step.after)
        yield due.isoformat(), step.who, step.id, step.en, step.command


def _quarters(after: date, until: date) -> Iterator[date]:
    """The first days of the quarters between, with time for their steps before the charter ends."""
    steps = _steps()
    last = until - timedelta(days=steps.quarter[-1].after - steps.last[0].after)
    for year in range(after.year, until.year + 1):
        for month in (1, 4, 7, 10):
            if after < (day := date(year, month, 1)) <= last:
                yield day


@cache
def _steps() -> _Steps:
    text = resources.files("policy.starter").joinpath("schedule.yaml").read_text("utf-8")
    return _Steps.model_validate(yaml.safe_load(text), strict=False)
