"""Estimates with their intervals, one line each, on a scale from 0 to 100 %."""

from __future__ import annotations

from dataclasses import dataclass

from policy.base.words import Language, Words
from policy.charts.image import LINE, WIDTH, amount, image, name_lines
from policy.charts.numbers import Proportion

_BELOW = 37  # from a name's last line to the end of its row
MILLION = 1_000_000


@dataclass(frozen=True)
class IntervalRow:
    """An estimate and the ends of its interval, in parts per million."""

    name: Words
    low: int
    estimate: int
    high: int


@dataclass(frozen=True)
class IntervalChart:
    code: str
    title: Words
    about: Words
    rows: tuple[IntervalRow, ...]

    def svg(self, language: Language) -> str:
        drawn, top = list[str](), 0
        for row in self.rows:
            name = name_lines(row.name, language)
            drawn += [
                f'<text x="0" y="{top + place * LINE}" class="row">{line}</text>'
                for place, line in enumerate(name, start=1)
            ]
            base = top + len(name) * LINE
            y = base + 17
            low, middle, high = (
                WIDTH * each / MILLION for each in (row.low, row.estimate, row.high)
            )
            drawn.append(
                f'<text x="{WIDTH}" y="{base}" class="number">'
                f"{amount(Proportion(row.estimate, MILLION), language)}</text>"
                f'<rect x="0" y="{y - 6}" width="{WIDTH}" height="12" rx="2" class="track"/>'
                f'<rect x="{low:.1f}" y="{y - 4}" width="{max(2.0, high - low):.1f}" height="8"'
                f' rx="2" class="bar mild"/>'
                f'<circle cx="{middle:.1f}" cy="{y}" r="6" class="bar"/>'
            )
            top = base + _BELOW
        return image(self.code, language, self.title, self.about, max(LINE + _BELOW, top), drawn)
