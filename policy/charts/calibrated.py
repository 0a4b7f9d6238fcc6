"""A distribution of scores with the probability of being right in each of its columns."""

from __future__ import annotations

from dataclasses import dataclass

from policy.base.words import Language, Words
from policy.charts.curves import CurvePoint
from policy.charts.image import WIDTH, amount, image, label, legend, legend_height
from policy.charts.intervals import MILLION
from policy.charts.numbers import Proportion

_LEFT, _RIGHT, _TALL = 8, 592, 200
_PAIRS = Words("pasangan", "pairs")
_TICKS = (0, MILLION // 2, MILLION)


@dataclass(frozen=True)
class CalibratedColumn:
    """Pairs in one range of scores, and how probable it is that such a pair is right.

    `right` is None if nobody can say.
    """

    name: Words
    pairs: int
    right: CurvePoint | None


@dataclass(frozen=True)
class CalibratedColumns:
    """Columns count pairs; the dots on the scale at the right are probabilities."""

    code: str
    title: Words
    about: Words
    columns: tuple[CalibratedColumn, ...]
    right: Words

    def svg(self, language: Language) -> str:
        keys = [("column", _PAIRS.in_language(language)), ("bar", self.right.in_language(language))]
        top = legend_height(len(keys)) + 24
        most = max((each.pairs for each in self.columns), default=0) or 1
        step = (_RIGHT - _LEFT) / max(1, len(self.columns))
        drawn = [*legend(keys, 0), *_scale(top, language)]
        line = []
        for number, each in enumerate(self.columns):
            x, tall = _LEFT + (number + 0.5) * step, _TALL * each.pairs / most
            drawn.append(
                f'<rect x="{x - step * 0.38:.1f}" y="{top + _TALL - tall:.1f}"'
                f' width="{step * 0.76:.1f}" height="{tall:.1f}" rx="2" class="column"/>'
                f'<text x="{x:.1f}" y="{top + _TALL - 8:.1f}" class="over">'
                f"{amount(each.pairs, language)}</text>"
                f'<text x="{x:.1f}" y="{top + _TALL + 20}" class="under">'
                f"{label(each.name, language)}</text>"
            )
            if each.right is not None:
                line.append((x, each.right))
        drawn += _line(line, top)
        return image(self.code, language, self.title, self.about, top + _TALL + 30, drawn)


def _up(ppm: int, top: int) -> float:
    return top + _TALL * (MILLION - ppm) / MILLION


def _scale(top: int, language: Language) -> list[str]:
    return [
        f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{_up(ppm, top):.1f}" y2="{_up(ppm, top):.1f}"'
        f' class="axis"/><text x="{WIDTH}" y="{_up(ppm, top) + 4:.1f}" class="key number">'
        f"{amount(Proportion(ppm, MILLION), language)}</text>"
        for ppm in _TICKS
    ]


def _line(places: list[tuple[float, CurvePoint]], top: int) -> list[str]:
    points = " ".join(f"{x:.1f},{_up(right.estimate, top):.1f}" for x, right in places)
    drawn = [f'<polyline points="{points}" class="line"/>'] if len(places) > 1 else []
    return drawn + [
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_up(right.low, top):.1f}"'
        f' y2="{_up(right.high, top):.1f}" class="line"/>'
        f'<circle cx="{x:.1f}" cy="{_up(right.estimate, top):.1f}" r="5" class="bar"/>'
        for x, right in places
    ]
