"""Estimates over a few steps, each with its interval: a line with a band around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy.base.words import Language, Words
from policy.charts.image import WIDTH, image, label, legend, legend_height
from policy.charts.intervals import MILLION
from policy.charts.numbers import as_percent

_LEFT, _TALL, _FOOT, _TICKS = 64, 210, 30, 5
_FLOOR_STEP = 50_000


@dataclass(frozen=True)
class CurvePoint:
    """An estimate and the ends of its interval, in parts per million."""

    low: int
    estimate: int
    high: int


@dataclass(frozen=True)
class Curve:
    """One line; `tone` is plain or warm. It has a point for each step of the chart, or None."""

    name: Words
    tone: str
    points: tuple[CurvePoint | None, ...]


@dataclass(frozen=True)
class CurveChart:
    """Lines over the same steps. The scale ends at 100 % and begins below the lowest interval."""

    code: str
    title: Words
    about: Words
    steps: tuple[Words, ...]
    curves: tuple[Curve, ...]

    def svg(self, language: Language) -> str:
        keys = [(f"bar {curve.tone}", curve.name.in_language(language)) for curve in self.curves]
        top = legend_height(len(keys)) + 10
        scale = _Scale(top, self._floor(), len(self.steps))
        drawn = [*legend(keys, 0), *_axis(scale, language)]
        for number, step in enumerate(self.steps):
            x, y = scale.across(number), top + _TALL + 22
            drawn.append(f'<text x="{x:.1f}" y="{y}" class="under">{label(step, language)}</text>')
        for curve in self.curves:
            drawn += _drawn(curve, scale)
        return image(self.code, language, self.title, self.about, top + _TALL + _FOOT, drawn)

    def _floor(self) -> int:
        lows = (point.low for curve in self.curves for point in curve.points if point)
        return min(min(lows, default=0), MILLION - _FLOOR_STEP) // _FLOOR_STEP * _FLOOR_STEP


@dataclass(frozen=True)
class _Scale:
    """Places of steps and shares; `floor` is the share at the bottom, in parts per million."""

    top: int
    floor: int
    steps: int

    def across(self, number: int) -> float:
        return _LEFT + (number + 0.5) * (WIDTH - _LEFT) / max(1, self.steps)

    def up(self, ppm: int) -> float:
        return self.top + _TALL * (MILLION - ppm) / (MILLION - self.floor)


def _axis(scale: _Scale, language: Language) -> list[str]:
    drawn = []
    for tick in range(_TICKS + 1):
        ppm = scale.floor + (MILLION - scale.floor) * tick // _TICKS
        y = scale.up(ppm)
        drawn.append(
            f'<line x1="{_LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" class="axis"/>'
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" class="key number">'
            f"{as_percent(ppm).in_language(language)}</text>"
        )
    return drawn


def _drawn(curve: Curve, scale: _Scale) -> list[str]:
    places = [(scale.across(number), point) for number, point in enumerate(curve.points) if point]
    upper = [(x, scale.up(point.high)) for x, point in places]
    lower = [(x, scale.up(point.low)) for x, point in reversed(places)]
    line = [(x, scale.up(point.estimate)) for x, point in places]
    drawn = []
    if len(places) > 1:
        drawn += [
            f'<polygon points="{_points([*upper, *lower])}" class="area {curve.tone}"/>',
            f'<polyline points="{_points(line)}" class="line {curve.tone}"/>',
        ]
    for (x, y), (_, point) in zip(line, places, strict=True):
        drawn.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{scale.up(point.low):.1f}"'
            f' y2="{scale.up(point.high):.1f}" class="line {curve.tone}"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" class="bar {curve.tone}"/>'
        )
    return drawn


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
