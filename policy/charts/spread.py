"""A distribution of scores around a threshold, with how many of the pairs are right and wrong.

Columns are ranges of scores. A range may be wider than others, since neighbours with few pairs were
joined: its height is the mean number of pairs for one step of the scale, so that areas are pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from policy.base.words import Language, Words
from policy.charts.curves import CurvePoint
from policy.charts.image import WIDTH, amount, image, label, legend, legend_height
from policy.charts.intervals import MILLION
from policy.charts.numbers import points

_LEFT, _TALL, _FOOT, _RIGHT = 62, 230, 56, WIDTH - 8
_POINT = 10_000  # a percentage point in parts per million
_NICE = (1, 2, 5)
_MOST_TICKS = 10
_PAIRS = Words("pasangan tanpa NIK", "pairs without NIK")
_RIGHTS = Words("di antaranya benar (taksiran)", "right ones (estimate)")
_WRONGS = Words("di antaranya salah (taksiran)", "wrong ones (estimate)")
_REFERENCE = Words("ber-NIK sama, sebagai acuan", "equal NIK, for comparison")
_AXIS = Words("poin persen dari ambang", "percentage points from the threshold")


_SURE = CurvePoint(MILLION, MILLION, MILLION)


@dataclass(frozen=True)
class ScoreColumn:
    """Pairs with scores from `low` to below `high` (ppm), and the share of them that is right."""

    low: int
    high: int
    pairs: int
    right: CurvePoint = _SURE


_Measure = Callable[[ScoreColumn], float]


def _right(column: ScoreColumn) -> float:
    return column.pairs * column.right.estimate / MILLION


def _wrong(column: ScoreColumn) -> float:
    return column.pairs - _right(column)


@dataclass(frozen=True)
class ScoreSpread:
    """The threshold is at score 0. `reference` is drawn to the scale of the right pairs."""

    code: str
    title: Words
    about: Words
    columns: tuple[ScoreColumn, ...]
    reference: tuple[ScoreColumn, ...]
    threshold: Words

    def svg(self, language: Language) -> str:
        keys = [("column", _PAIRS), ("bar good", _RIGHTS), ("bar warm", _WRONGS)]
        if self.reference:
            keys.append(("bar mild", _REFERENCE))
        top = legend_height(len(keys)) + 62
        drawn = [
            *legend([(style, words.in_language(language)) for style, words in keys], 0),
            *self._grid(top, language),
            *self._columns(top),
            self._stairs(self.reference, self._of_reference(), top, "line mild"),
            self._doubt(top),
            self._stairs(self.columns, _right, top, "line good"),
            self._stairs(self.columns, _wrong, top, "line warm"),
            *self._threshold(top, language),
        ]
        return image(self.code, language, self.title, self.about, top + _TALL + _FOOT, drawn)

    # -- what is measured -----------------------------------------------------------------

    @cached_property
    def step(self) -> int:
        """The narrowest range: heights are pairs for that width, in ppm."""
        return min((each.high - each.low for each in self.columns), default=_POINT)

    def _of_reference(self) -> _Measure:
        whole = sum(each.pairs for each in self.reference if each.low >= 0)
        share = sum(map(_right, self.columns)) / whole if whole else 0.0
        return lambda column: column.pairs * share

    def _height(self, column: ScoreColumn, pairs: float) -> float:
        return pairs * self.step / (column.high - column.low)

    @cached_property
    def _most(self) -> int:
        """The top of the scale: a round number above all heights."""
        of = self._of_reference()
        heights = [self._height(each, each.pairs) for each in self.columns]
        heights += [self._height(each, of(each)) for each in self.reference]
        tallest, power = max(heights, default=0.0), 1
        while 10 * power < tallest:
            power *= 10
        return next(n * power for n in (*_NICE, 10) if n * power >= tallest)

    # -- where it is drawn ----------------------------------------------------------------

    @cached_property
    def _ends(self) -> tuple[int, int]:
        every = [*self.columns, *self.reference]
        low, high = min(each.low for each in every), max(each.high for each in every)
        return min(low, -(high - low) // 12), high

    def _x(self, score: int) -> float:
        low, high = self._ends
        return _LEFT + (_RIGHT - _LEFT) * (score - low) / (high - low)

    def _y(self, height: float, top: int) -> float:
        return top + _TALL * (1 - height / self._most)

    def _grid(self, top: int, language: Language) -> list[str]:
        said = points(self.step)
        unit = Words(f"pasangan per {said.id} poin", f"pairs for each {said.en} points")
        drawn = [f'<text x="0" y="{top - 34}" class="key">{label(unit, language)}</text>']
        ticks = sorted({0, self._most // 2, self._most} if self._most > 1 else {0, 1})
        for height in ticks:
            y = self._y(height, top)
            drawn.append(
                f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="axis"/>'
                f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" class="key number">'
                f"{amount(height, language)}</text>"
            )
        foot = top + _TALL
        for score in self._ticks():
            signed = points(abs(score))
            sign = "" if not score else "+" if score > 0 else "−"
            name = Words(sign + signed.id, sign + signed.en)
            drawn.append(
                f'<text x="{self._x(score):.1f}" y="{foot + 20}" class="under">'
                f"{label(name, language)}</text>"
            )
        drawn.append(
            f'<text x="{(_LEFT + _RIGHT) / 2}" y="{foot + 46}" class="under">'
            f"{label(_AXIS, language)}</text>"
        )
        return drawn

    def _ticks(self) -> list[int]:
        low, high = self._ends
        widths = (n * power * _POINT for power in (1, 10, 100) for n in _NICE)
        width = next(each for each in widths if (high - low) / each < _MOST_TICKS)
        return list(range(-(-low // width) * width, high + 1, width))

    def _columns(self, top: int) -> list[str]:
        drawn = []
        for each in self.columns:
            x, y = self._x(each.low), self._y(self._height(each, each.pairs), top)
            wide, tall = self._x(each.high) - x - 1, top + _TALL - y
            drawn.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}"'
                ' class="column"/>'
            )
        return drawn

    def _path(self, columns: Sequence[ScoreColumn], measure: _Measure, top: int) -> list[str]:
        places = []
        for each in columns:
            y = self._y(self._height(each, measure(each)), top)
            places += [f"{self._x(each.low):.1f},{y:.1f}", f"{self._x(each.high):.1f},{y:.1f}"]
        return places

    def _stairs(
        self, columns: Sequence[ScoreColumn], measure: _Measure, top: int, style: str
    ) -> str:
        if not columns:
            return ""
        return f'<polyline points="{" ".join(self._path(columns, measure, top))}" class="{style}"/>'

    def _doubt(self, top: int) -> str:
        """The interval of the wrong pairs."""
        least = self._path(self.columns, lambda c: c.pairs * (1 - c.right.high / MILLION), top)
        most = self._path(self.columns, lambda c: c.pairs * (1 - c.right.low / MILLION), top)
        return f'<polygon points="{" ".join([*most, *reversed(least)])}" class="area warm"/>'

    def _threshold(self, top: int, language: Language) -> list[str]:
        x, name = self._x(0), label(self.threshold, language)
        return [
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top - 8}" y2="{top + _TALL}" class="mark"/>'
            f'<text x="{x:.1f}" y="{top - 14}" class="over">{name}</text>'
        ]
