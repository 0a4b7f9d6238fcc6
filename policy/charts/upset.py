"""An UpSet plot: how many people are in which lists at once.

Each column is one combination of lists: its bar says how many people are in just these lists, and
the dots below name the lists. The bars at the left are the sizes of the lists. After Lex et al.,
"UpSet: Visualization of Intersecting Sets", IEEE TVCG 20 (2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from policy.base.foreign_text import clean
from policy.base.words import Language, Words
from policy.charts.image import WIDTH, amount, image

_LEFT, _TOP, _BARS, _LINE = 250, 26, 170, 48
_WIDEST, _LONGEST, _LETTERS = 76, 150, 28


@dataclass(frozen=True)
class Combination:
    """People who are in these lists (places in `names`) and in no other one."""

    lists: frozenset[int]
    people: int


@dataclass(frozen=True)
class UpsetPlot:
    """`sizes` are those of the lists, in the order of `names`."""

    code: str
    title: Words
    about: Words
    names: tuple[Words, ...]
    sizes: tuple[int, ...]
    combinations: tuple[Combination, ...]

    def svg(self, language: Language) -> str:
        shown = sorted(self.combinations, key=lambda each: -each.people)
        height = _TOP + _BARS + 14 + len(self.names) * _LINE
        drawn = [*self._lists(language), *self._columns(shown, language)]
        return image(self.code, language, self.title, self.about, height, drawn)

    def _lists(self, language: Language) -> list[str]:
        most = max(self.sizes, default=0) or 1
        drawn = []
        for place, (name, size) in enumerate(zip(self.names, self.sizes, strict=True)):
            y, long = _line(place), max(2.0, _LONGEST * size / most)
            drawn.append(
                f'<rect x="0" y="{y - 20}" width="{WIDTH}" height="{_LINE - 6}"'
                f' class="{"track" if place % 2 == 0 else "clear"}"/>'
                f'<text x="6" y="{y - 3}" class="set">{_short(name, language)}</text>'
                f'<rect x="6" y="{y + 5}" width="{long:.1f}" height="8" rx="2" class="bar"/>'
                f'<text x="{_LEFT - 24}" y="{y + 15}" class="set number">'
                f"{amount(size, language)}</text>"
            )
        return drawn

    def _columns(self, shown: Sequence[Combination], language: Language) -> list[str]:
        most = max((each.people for each in shown), default=0) or 1
        step = min(_WIDEST, (WIDTH - _LEFT) / max(1, len(shown)))
        base = _TOP + _BARS
        drawn = [f'<line x1="{_LEFT}" x2="{WIDTH}" y1="{base}.5" y2="{base}.5" class="axis"/>']
        for number, each in enumerate(shown):
            x = _LEFT + (number + 0.5) * step
            tall = max(2.0, _BARS * each.people / most)
            drawn.append(
                f'<rect x="{x - step * 0.3:.1f}" y="{base - tall:.1f}" width="{step * 0.6:.1f}"'
                f' height="{tall:.1f}" rx="2" class="bar {"good" if each.lists else "warm"}"/>'
                f'<text x="{x:.1f}" y="{base - tall - 7:.1f}" class="over">'
                f"{amount(each.people, language)}</text>"
            )
            inside = sorted(each.lists)
            if len(inside) > 1:
                first, last = _line(inside[0]), _line(inside[-1])
                drawn.append(
                    f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{first}" y2="{last}" class="link"/>'
                )
            drawn += [
                f'<circle cx="{x:.1f}" cy="{_line(place)}" r="7"'
                f' class="{"dot" if place in each.lists else "no-dot"}"/>'
                for place in range(len(self.names))
            ]
        return drawn


def _short(name: Words, language: Language) -> str:
    text = clean(name.in_language(language))
    return escape(text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…")


def _line(place: int) -> int:
    """The middle of a list's line."""
    return _TOP + _BARS + 14 + place * _LINE + 20
