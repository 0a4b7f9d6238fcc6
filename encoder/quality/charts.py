"""Bar charts as inline SVG: drawn here, no script, readable without colour.

Each chart is an image with a title and a description for those who hear it; the table
beneath it holds the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from encoder.quality.numbers import Share, written
from policy.words import Language, Words

# One bar is as tall as its text and some air; units are those of the view box.
_WIDTH = 640
_ROW = 30
_BAR = 16
_LABELS = 210
_NUMBERS = 76
_COLUMN_HEIGHT = 180
_LONGEST_LABEL = 32


@dataclass(frozen=True)
class Bar:
    label: Words
    rows: int
    tone: str = "plain"


@dataclass(frozen=True)
class Chart:
    """`whole` is what the shares refer to; columns stand for a distribution over numbers."""

    code: str
    title: Words
    about: Words
    bars: tuple[Bar, ...]
    whole: int
    head: Words
    columns: bool = False

    def svg(self, language: Language) -> str:
        draw = _columns if self.columns else _bars
        return draw(self, language)


def _frame(chart: Chart, language: Language, width: int, height: int, inner: Sequence[str]) -> str:
    name = f"{chart.code}-{language}"
    title = escape(chart.title.in_language(language))
    about = escape(chart.about.in_language(language))
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="t-{name} d-{name}">'
        f'<title id="t-{name}">{title}</title><desc id="d-{name}">{about}</desc>'
        + "".join(inner)
        + "</svg>"
    )


def _bars(chart: Chart, language: Language) -> str:
    """Lying bars, for classes with names. The track behind a bar is the whole."""
    room = _WIDTH - _LABELS - _NUMBERS
    drawn = []
    for number, bar in enumerate(chart.bars):
        top = number * _ROW
        share = Share(bar.rows, chart.whole)
        long = max(1.5, room * min(1.0, share.value)) if bar.rows else 0
        middle = top + _ROW / 2 + 4.5
        drawn.append(
            f'<text x="{_LABELS - 12}" y="{middle}" class="name">'
            f"{escape(_short(bar.label.in_language(language)))}</text>"
            f'<rect x="{_LABELS}" y="{top + (_ROW - _BAR) / 2}" width="{room}" height="{_BAR}"'
            f' rx="2" class="track"/>'
            f'<rect x="{_LABELS}" y="{top + (_ROW - _BAR) / 2}" width="{long:.1f}"'
            f' height="{_BAR}" rx="2" class="bar {bar.tone}"/>'
            f'<text x="{_WIDTH}" y="{middle}" class="number">{written(share, language)}</text>'
        )
    return _frame(chart, language, _WIDTH, max(1, len(chart.bars)) * _ROW, drawn)


def _columns(chart: Chart, language: Language) -> str:
    """Standing columns, for distributions such as ages and lengths."""
    most = max((bar.rows for bar in chart.bars), default=0) or 1
    step = _WIDTH / max(1, len(chart.bars))
    roomy = step >= 44
    drawn = [f'<line x1="0" x2="{_WIDTH}" y1="200.5" y2="200.5" class="axis"/>']
    for number, bar in enumerate(chart.bars):
        tall = max(1.0, _COLUMN_HEIGHT * bar.rows / most) if bar.rows else 0
        middle = (number + 0.5) * step
        drawn.append(
            f'<rect x="{number * step + step * 0.12:.1f}" y="{200 - tall:.1f}"'
            f' width="{step * 0.76:.1f}" height="{tall:.1f}" rx="2" class="bar {bar.tone}"/>'
        )
        if roomy:
            share = written(Share(bar.rows, chart.whole), language)
            drawn.append(f'<text x="{middle:.1f}" y="{193 - tall:.1f}" class="over">{share}</text>')
        if roomy or number % 5 == 0:
            name = escape(bar.label.in_language(language))
            drawn.append(f'<text x="{middle:.1f}" y="218" class="under">{name}</text>')
    return _frame(chart, language, _WIDTH, 226, drawn)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"
