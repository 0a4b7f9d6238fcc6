"""An UpSet plot: how many people are in which lists at once.

Each column is one combination of lists: its bar says how many people are in just these lists, and
the dots below name the lists. The bars at the left are the sizes of the lists. A hidden number has
a star and no bar, and a number known as a range has a pale bar up to its end. After Lex et al.,
"UpSet: Visualization of Intersecting Sets", IEEE TVCG 20 (2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from policy.base.foreign_text import clean
from policy.base.words import Language, Words
from policy.charts.image import WIDTH, amount, image
from policy.charts.page import HIDDEN

_LEFT, _TOP, _BARS, _LINE = 250, 26, 170, 48
_UPRIGHT, _LEANING = 64, 70  # columns narrower than this have leaning numbers, with this room
_WIDEST, _LONGEST, _LETTERS = 76, 150, 28


@dataclass(frozen=True)
class Combination:
    """People who are in these lists (places in `names`) and in no other one.

    None: hidden. With `most`, they are from `people` to `most`.
    """

    lists: frozenset[int]
    people: int | None
    most: int | None = None

    @property
    def largest(self) -> int:
        """The number that its bar goes up to."""
        return (self.most or self.people) or 0


@dataclass(frozen=True)
class UpsetPlot:
    """`sizes` are those of the lists, in the order of `names`; None if hidden."""

    code: str
    title: Words
    about: Words
    names: tuple[Words, ...]
    sizes: tuple[int | None, ...]
    combinations: tuple[Combination, ...]

    def svg(self, language: Language) -> str:
        # Hidden ones come last, by their lists: their order says nothing of their size.
        shown = sorted(self.combinations, key=lambda each: (-each.largest, sorted(each.lists)))
        height = _TOP + _BARS + 14 + len(self.names) * _LINE
        drawn = [*self._lists(language), *self._columns(shown, language)]
        if self._step < _UPRIGHT:
            drawn = [f'<g transform="translate(0 {_LEANING})">', *drawn, "</g>"]
            height += _LEANING
        return image(self.code, language, self.title, self.about, height, drawn)

    @property
    def _step(self) -> float:
        """The width of a column."""
        return min(_WIDEST, (WIDTH - _LEFT) / max(1, len(self.combinations)))

    @property
    def is_wide(self) -> bool:
        """Whether it needs the whole width of a page."""
        return self._step < _UPRIGHT

    def _lists(self, language: Language) -> list[str]:
        most = max((size or 0 for size in self.sizes), default=0) or 1
        drawn = []
        for place, (name, size) in enumerate(zip(self.names, self.sizes, strict=True)):
            y, long = _line(place), max(2.0, _LONGEST * size / most) if size else 0
            drawn.append(
                f'<rect x="0" y="{y - 20}" width="{WIDTH}" height="{_LINE - 6}"'
                f' class="{"track" if place % 2 == 0 else "clear"}"/>'
                f'<text x="6" y="{y - 3}" class="set">{_short(name, language)}</text>'
                f'<rect x="6" y="{y + 5}" width="{long:.1f}" height="8" rx="2" class="bar"/>'
                f'<text x="{_LEFT - 24}" y="{y + 15}" class="set number">'
                f"{_said(size, None, language)}</text>"
            )
        return drawn

    def _columns(self, shown: Sequence[Combination], language: Language) -> list[str]:
        most = max((each.largest for each in shown), default=0) or 1
        step = self._step
        base = _TOP + _BARS
        drawn = [f'<line x1="{_LEFT}" x2="{WIDTH}" y1="{base}.5" y2="{base}.5" class="axis"/>']
        for number, each in enumerate(shown):
            x = _LEFT + (number + 0.5) * step
            tall = max(2.0, _BARS * each.largest / most) if each.people is not None else 0
            tone = "good" if each.lists else "warm"
            bar = f'<rect x="{x - step * 0.3:.1f}" width="{step * 0.6:.1f}" rx="2"'
            if each.most is not None:
                drawn.append(f'{bar} y="{base - tall:.1f}" height="{tall:.1f}" class="column"/>')
            sure = max(2.0, _BARS * each.people / most) if each.people is not None else 0
            y = base - tall - 7
            lean = f' lean" transform="rotate(-55 {x:.1f} {y:.1f})' if step < _UPRIGHT else ""
            drawn.append(
                f'{bar} y="{base - sure:.1f}" height="{sure:.1f}" class="bar {tone}"/>'
                f'<text x="{x:.1f}" y="{y:.1f}" class="over{lean}">'
                f"{_said(each.people, each.most, language)}</text>"
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


def _said(people: int | None, most: int | None, language: Language) -> str:
    if people is None:
        return HIDDEN.in_language(language)
    low = amount(people, language)
    return low if most is None else f"{low}–{amount(most, language)}"


def _short(name: Words, language: Language) -> str:
    text = clean(name.in_language(language))
    return escape(text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…")


def _line(place: int) -> int:
    """The middle of a list's line."""
    return _TOP + _BARS + 14 + place * _LINE + 20
