"""One bar per row, divided into parts: how a whole splits, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy.base.words import Language, Words
from policy.charts.image import WIDTH, amount, image, label, legend, legend_height
from policy.charts.numbers import Proportion

_ROW, _BAR, _TEXT = 64, 26, 18
_ROOM = 76  # a part that is narrower has no number inside; the table has it


@dataclass(frozen=True)
class StackedPart:
    """A named part of every row, and its colour: good, look, plain or track."""

    name: Words
    tone: str


@dataclass(frozen=True)
class StackedRow:
    """One row: its name, and a count for each part; None for a part that it does not have."""

    name: Words
    counts: tuple[int | None, ...]

    @property
    def whole(self) -> int:
        return sum(count or 0 for count in self.counts)


@dataclass(frozen=True)
class StackedBars:
    code: str
    title: Words
    about: Words
    parts: tuple[StackedPart, ...]
    rows: tuple[StackedRow, ...]

    def svg(self, language: Language) -> str:
        used = [
            part
            for place, part in enumerate(self.parts)
            if any(row.counts[place] is not None for row in self.rows)
        ]
        keys = [(f"part {part.tone}", part.name.in_language(language)) for part in used]
        top = legend_height(len(keys))
        drawn = legend(keys, 0)
        for number, row in enumerate(self.rows):
            drawn += _row(row, self.parts, top + number * _ROW, language)
        return image(
            self.code, language, self.title, self.about, top + len(self.rows) * _ROW, drawn
        )


def _row(
    row: StackedRow, parts: Sequence[StackedPart], top: float, language: Language
) -> list[str]:
    drawn = [
        f'<text x="0" y="{top + _TEXT}">{label(row.name, language)}</text>'
        f'<text x="{WIDTH}" y="{top + _TEXT}" class="number">{amount(row.whole, language)}</text>'
    ]
    x = 0.0
    for part, count in zip(parts, row.counts, strict=True):
        if not count:
            continue
        long = WIDTH * Proportion(count, row.whole).value
        drawn.append(
            f'<rect x="{x:.1f}" y="{top + _TEXT + 10}" width="{long:.1f}" height="{_BAR}"'
            f' class="part {part.tone}"/>'
        )
        if long >= _ROOM:
            drawn.append(
                f'<text x="{x + long / 2:.1f}" y="{top + _TEXT + 28}" class="inside {part.tone}">'
                f"{amount(Proportion(count, row.whole), language)}</text>"
            )
        x += long
    return drawn
