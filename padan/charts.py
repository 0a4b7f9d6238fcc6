"""SVG charts without a plotting library: a notebook shows them, and `save` writes a file."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from padan.frames import opened, require_columns
from padan.linking import Linkage
from padan.scoring import is_true, threshold_table
from policy.base.files import write_file
from policy.base.words import Language, Words, current_language, number

# Units of the view box.
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 340, 88, 620, 64, 280
# Distinguishable in grey print and with colour blindness, by lightness.
_COLOURS = ("#0b5c8a", "#d9772b", "#6b6b6b")
# Possible starts of an axis of shares; five equal steps lead from each to 1.
_FLOORS = (0.9, 0.8, 0.5, 0.0)
_STYLE = (
    "text{font:13px sans-serif;fill:#222}.title{font-size:15px;font-weight:bold}"
    ".grid{stroke:#ddd}.axis{stroke:#777}"
)


@dataclass(frozen=True)
class Chart:
    """A chart. In a notebook it shows itself; `svg` is its text, `save` writes a file."""

    title: Words
    about: Words = field(repr=False)
    _drawn: tuple[tuple[Language, str], ...] = field(repr=False)

    def svg(self, language: Language | None = None) -> str:
        """SVG in Indonesian (`id`) or English (`en`); by default in Padan's chosen language."""
        chosen = language or current_language()
        title, about = self.title.in_language(chosen), self.about.in_language(chosen)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
            f' width="{_WIDTH}" height="{_HEIGHT}" role="img"><title>{escape(title)}</title>'
            f'<desc>{escape(about)}</desc><style>{_STYLE}</style><rect width="{_WIDTH}"'
            f' height="{_HEIGHT}" fill="#fff"/><text x="12" y="24" class="title">{escape(title)}'
            f"</text>{dict(self._drawn)[chosen]}</svg>"
        )

    def save(self, path: str | os.PathLike[str], language: Language | None = None) -> Path:
        """Write the SVG; returns the path."""
        write_file(Path(path), self.svg(language).encode())
        return Path(path)

    def _repr_svg_(self) -> str:
        return self.svg()


def score_distribution(pairs: Any, truth: Any = None, *, bins: int = 40) -> Chart:
    """The distribution of similarities of candidate pairs; with a truth, matches and others apart.

    `pairs` is a table of `compare`, `truth` one of pairs (see `score`). The scale of the counts is
    logarithmic: non-matches are far more frequent than matches. Similarities above 1 (equal NIKs)
    are counted at 1.
    """
    frame = opened(pairs)
    require_columns(frame, "similarity")
    similarity = np.minimum(np.asarray(frame["similarity"].to_numpy(), np.float64), 1.0)
    low = math.floor(float(similarity.min(initial=1.0)) * 20) / 20
    edges = np.linspace(min(low, 0.95), 1.0, bins + 1)
    if truth is None:
        parts = [(Words("pasangan calon", "candidate pairs"), similarity)]
    else:
        true = np.array(is_true(pairs, truth), bool)
        parts = [
            (Words("orang yang sama", "same person"), similarity[true]),
            (Words("orang lain", "other people"), similarity[~true]),
        ]
    counts = [(name, np.histogram(values, edges)[0]) for name, values in parts]
    languages: tuple[Language, ...] = ("id", "en")
    return Chart(
        Words("Sebaran kemiripan", "Distribution of similarities"),
        Words(
            "Banyaknya pasangan calon per selang koefisien Dice, skala logaritmik.",
            "Candidate pairs by interval of the Dice coefficient, on a logarithmic scale.",
        ),
        tuple((each, _histogram(counts, edges, each)) for each in languages),
    )


def threshold_chart(pairs: Any, truth: Any, *, linkage: Linkage = "complete") -> Chart:
    """Precision, recall and F1 at each threshold, with their 95 % intervals as bands.

    Draws `threshold_table` of the same arguments.
    """
    frame = opened(threshold_table(pairs, truth, linkage=linkage))
    columns = {name: np.asarray(frame[name].to_numpy(), np.float64) for name in frame.columns}
    languages: tuple[Language, ...] = ("id", "en")
    return Chart(
        Words("Mutu menurut ambang", "Quality by threshold"),
        Words(
            "Presisi, cakupan, dan F1 pada setiap ambang; pita adalah selang 95 %.",
            "Precision, recall and F1 at each threshold; bands are 95 % intervals.",
        ),
        tuple((each, _lines(columns, each)) for each in languages),
    )


def _histogram(
    counts: Sequence[tuple[Words, NDArray[np.int64]]],
    edges: NDArray[np.float64],
    language: Language,
) -> str:
    most = max((int(each.max(initial=0)) for _, each in counts), default=0)
    decades = max(1, math.ceil(math.log10(most + 1)))

    def up(count: int) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * math.log10(count + 1) / math.log10(10**decades + 1)

    drawn = [
        _rule(up(10**decade if decade else 1), number(10**decade).in_language(language))
        for decade in range(decades + 1)
    ]
    low, high = float(edges[0]), float(edges[-1])
    for place, (_, values) in enumerate(counts):
        for count, start, stop in zip(values.tolist(), edges[:-1], edges[1:], strict=True):
            if not count:
                continue
            x, end, y = _across(start, low, high), _across(stop, low, high), up(count)
            drawn.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(1.0, end - x - 1):.1f}"'
                f' height="{_BOTTOM - y:.1f}" fill="{_COLOURS[place]}" fill-opacity=".6"/>'
            )
    names = [name.in_language(language) for name, _ in counts]
    foot = Words("koefisien Dice", "Dice coefficient").in_language(language)
    return "".join([*drawn, _axis(low, high, foot, language), _legend(names)])


def _lines(columns: dict[str, NDArray[np.float64]], language: Language) -> str:
    names = {
        "precision": Words("presisi", "precision"),
        "recall": Words("cakupan", "recall"),
        "f1": Words("F1", "F1"),
    }
    x = columns["threshold"]
    low, high = float(x.min(initial=1.0)), float(x.max(initial=1.0))
    lowest = min(float(columns[name].min(initial=1.0)) for name in names)
    floor = next(each for each in _FLOORS if each <= lowest)

    def up(share: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * (max(share, floor) - floor) / (1 - floor)

    steps = [floor + (1 - floor) * step / 5 for step in range(6)]
    drawn = [_rule(up(each), _decimal(each, 2, language)) for each in steps]
    for place, name in enumerate(names):
        at = [_across(each, low, high) for each in x.tolist()]
        upper = [f"{a:.1f},{up(v):.1f}" for a, v in zip(at, columns[f"{name}_high"], strict=True)]
        lower = [f"{a:.1f},{up(v):.1f}" for a, v in zip(at, columns[f"{name}_low"], strict=True)]
        line = [f"{a:.1f},{up(v):.1f}" for a, v in zip(at, columns[name], strict=True)]
        dash = ' stroke-dasharray="6 4"' if name == "f1" else ""
        drawn.append(
            f'<polygon points="{" ".join([*upper, *reversed(lower)])}" fill="{_COLOURS[place]}"'
            f' fill-opacity=".2"/><polyline points="{" ".join(line)}" fill="none"'
            f' stroke="{_COLOURS[place]}" stroke-width="2"{dash}/>'
        )
    foot = Words("ambang", "threshold").in_language(language)
    said = [each.in_language(language) for each in names.values()]
    return "".join([*drawn, _axis(low, high, foot, language), _legend(said)])


def _across(value: float, low: float, high: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * (value - low) / max(high - low, 1e-9)


def _rule(y: float, label: str) -> str:
    return (
        f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>'
        f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{escape(label)}</text>'
    )


def _axis(low: float, high: float, foot: str, language: Language) -> str:
    ticks = []
    for step in range(6):
        value = low + (high - low) * step / 5
        x = _across(value, low, high)
        ticks.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_BOTTOM}" y2="{_BOTTOM + 5}" class="axis"/>'
            f'<text x="{x:.1f}" y="{_BOTTOM + 20}" text-anchor="middle">'
            f"{_decimal(value, 2, language)}</text>"
        )
    middle = (_LEFT + _RIGHT) / 2
    return (
        f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{_BOTTOM}" y2="{_BOTTOM}" class="axis"/>'
        + "".join(ticks)
        + f'<text x="{middle:.1f}" y="{_BOTTOM + 44}" text-anchor="middle">{escape(foot)}</text>'
    )


def _legend(names: Sequence[str]) -> str:
    parts, x = [], float(_LEFT)
    for place, name in enumerate(names):
        parts.append(
            f'<rect x="{x:.0f}" y="38" width="14" height="10" fill="{_COLOURS[place]}"/>'
            f'<text x="{x + 20:.0f}" y="47">{escape(name)}</text>'
        )
        x += 44 + 8 * len(name)
    return "".join(parts)


def _decimal(value: float, digits: int, language: Language) -> str:
    text = f"{value:.{digits}f}"
    return text.replace(".", ",") if language == "id" else text
