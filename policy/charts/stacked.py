"""One bar per row, divided into parts: how a whole splits, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy.base.words import Language, Words
from policy.charts.image import LINE, WIDTH, amount, image, legend, legend_height, name_lines
from policy.charts.numbers import Proportion

_BAR, _GAP, _BELOW = 26, 10, 46  # a bar, above it, and from a name's last line to the row's end
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
        top = legend_height(len(keys)) - LINE + 18
        drawn = legend(keys, 0)
        for row in self.rows:
            name = name_lines(row.name, language)
            drawn += [
                f'<text x="0" y="{top + place * LINE}">{line}</text>'
                for place, line in enumerate(name, start=1)
            ]
            top += len(name) * LINE
            drawn += _bar(row, self.parts, top, language)
            top += _BELOW - 5
        return image(self.code, language, self.title, self.about, top, drawn)


def _bar(
    row: StackedRow, parts: Sequence[StackedPart], base: float, language: Language
) -> list[str]:
    """The whole at the right of the name's last line, which is at `base`, and the bar below it."""
    whole = amount(row.whole, language)
    drawn = [f'<text x="{WIDTH}" y="{base}" class="number">{whole}</text>']
    x = 0.0
    for part, count in zip(parts, row.counts, strict=True):
        if not count:
            continue
        long = WIDTH * Proportion(count, row.whole).value
        drawn.append(
            f'<rect x="{x:.1f}" y="{base + _GAP}" width="{long:.1f}" height="{_BAR}"'
            f' class="part {part.tone}"/>'
        )
        if long >= _ROOM:
            drawn.append(
                f'<text x="{x + long / 2:.1f}" y="{base + _GAP + 20}" class="inside {part.tone}">'
                f"{amount(Proportion(count, row.whole), language)}</text>"
            )
        x += long
    return drawn
