"""Bar charts as inline SVG: drawn here, no script, readable without colour.

Each chart is an image with a title and a description for screen readers; the table
below it has the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from policy.base.words import Language, Words
from policy.charts.image import WIDTH, amount, image, label
from policy.charts.numbers import Proportion
from policy.charts.page import Cell, Figure, ReportTable

# A bar is as tall as its text with a margin; units are those of the view box.
_ROW = 48
_TEXT = 17
_BAR = 12
_COLUMN_HEIGHT = 180
_ROWS, _SHARE = Words("Baris", "Rows"), Words("Bagian", "Share")


@dataclass(frozen=True)
class Bar:
    label: Words
    rows: int
    tone: str = "plain"


@dataclass(frozen=True)
class BarChart:
    """`whole` is the total for the shares; columns show a distribution over numbers.

    Without `shares`, bars say their counts.
    """

    code: str
    title: Words
    about: Words
    bars: tuple[Bar, ...]
    whole: int
    head: Words
    columns: bool = False
    shares: bool = True

    def svg(self, language: Language) -> str:
        draw = _columns if self.columns else _bars
        return draw(self, language)

    def figure(self) -> Figure:
        """The chart with a table of the same numbers."""
        heads, whole = (self.head, _ROWS, _SHARE), self.whole
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (bar.label, bar.rows, Proportion(bar.rows, whole)) for bar in self.bars
        )
        last = len(heads) if self.shares else 2
        table = ReportTable(self.code, self.title, heads[:last], tuple(row[:last] for row in rows))
        return Figure(self.title, self.about, self, table)


def _bars(chart: BarChart, language: Language) -> str:
    """Horizontal bars below their names, so that long names fit a phone. The track is the whole."""
    drawn = []
    for number, bar in enumerate(chart.bars):
        top = number * _ROW
        share = Proportion(bar.rows, chart.whole)
        said = amount(share if chart.shares else bar.rows, language)
        long = max(2.0, WIDTH * min(1.0, share.value)) if bar.rows else 0
        place = f'x="0" y="{top + _TEXT + 7}" height="{_BAR}" rx="2"'
        drawn.append(
            f'<text x="0" y="{top + _TEXT}">{label(bar.label, language)}</text>'
            f'<text x="{WIDTH}" y="{top + _TEXT}" class="number">{said}</text>'
            f'<rect {place} width="{WIDTH}" class="track"/>'
            f'<rect {place} width="{long:.1f}" class="bar {bar.tone}"/>'
        )
    height = max(1, len(chart.bars)) * _ROW
    return image(chart.code, language, chart.title, chart.about, height, drawn)


def _columns(chart: BarChart, language: Language) -> str:
    """Vertical columns, for distributions such as ages and lengths."""
    most = max((bar.rows for bar in chart.bars), default=0) or 1
    step = WIDTH / max(1, len(chart.bars))
    roomy = step >= 44
    drawn = [f'<line x1="0" x2="{WIDTH}" y1="200.5" y2="200.5" class="axis"/>']
    for number, bar in enumerate(chart.bars):
        tall = max(1.0, _COLUMN_HEIGHT * bar.rows / most) if bar.rows else 0
        middle = (number + 0.5) * step
        drawn.append(
            f'<rect x="{number * step + step * 0.12:.1f}" y="{200 - tall:.1f}"'
            f' width="{step * 0.76:.1f}" height="{tall:.1f}" rx="2" class="bar {bar.tone}"/>'
        )
        if roomy:
            share = amount(Proportion(bar.rows, chart.whole), language)
            drawn.append(f'<text x="{middle:.1f}" y="{193 - tall:.1f}" class="over">{share}</text>')
        if roomy or number % 5 == 0:
            name = label(bar.label, language)
            drawn.append(f'<text x="{middle:.1f}" y="218" class="under">{name}</text>')
    return image(chart.code, language, chart.title, chart.about, 226, drawn)
